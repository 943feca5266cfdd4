/** Which field of a request a fault is about: its error carries it as `field` in the details, so that a form says it there. */
import { AppError } from './app-error.ts';

/** What the step returns; an error that it throws is about `field`, unless it says itself what it is about. */
export function atField<Result>(field: string, step: () => Result): Result {
  try {
    const result = step();
    return result instanceof Promise
      ? (result.catch((error: unknown) => rethrow(field, error)) as Result)
      : result;
  } catch (error) {
    return rethrow(field, error);
  }
}

function rethrow(field: string, error: unknown): never {
  if (!(error instanceof AppError) || error.details.field !== undefined) throw error;
  const { code, message, details } = error;
  throw new AppError(code, message, { cause: error, details: { ...details, field } });
}
