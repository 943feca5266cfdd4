/** The end of an operation, as the sentence that stands where its fields would. */
import { AppError } from '@microtome/domain/app-error';

export function throwIfStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw signal.reason instanceof AppError
    ? signal.reason
    : new AppError('CANCELED', 'The operation was ended before it was done.');
}
