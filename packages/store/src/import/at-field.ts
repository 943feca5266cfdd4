/**
 * Which choice of an import a fault is about: errors carry it as `field` in their details, so that a form can say it where
 * it was chosen.
 */
import { AppError } from '@microtome/domain/app-error';

/** The choices that a look at a source can find fault with, by their names among the options of an import. */
type ImportField =
  | 'path'
  | 'layout'
  | 'magnification'
  | 'manifest'
  | 'map'
  | 'patientPattern'
  | 'unit'
  | 'positive'
  | 'tiling'
  | 'annotations'
  | 'labels';

/** What the step returns; an error that it throws is about `field`, unless it says itself what it is about. */
export function atField<Result>(field: ImportField, step: () => Result): Result {
  try {
    const result = step();
    return result instanceof Promise
      ? (result.catch((error: unknown) => rethrow(field, error)) as Result)
      : result;
  } catch (error) {
    return rethrow(field, error);
  }
}

function rethrow(field: ImportField, error: unknown): never {
  if (!(error instanceof AppError) || error.details.field !== undefined) throw error;
  const { code, message, details } = error;
  throw new AppError(code, message, { cause: error, details: { ...details, field } });
}
