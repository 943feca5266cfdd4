/** A disk without room: which errors mean it, and the sentence that says where and what is lost. */
import { AppError } from '@microtome/domain/app-error';

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);

export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL_CODES.has(String(error.code));
}

/** `lost` says what did not come about, as in "nothing was stored". */
export function diskFull(place: string, lost: string, cause: unknown): AppError {
  return new AppError('UNAVAILABLE', `Disk full on ${place}: ${lost}. Free some space and try again.`, {
    cause,
  });
}
