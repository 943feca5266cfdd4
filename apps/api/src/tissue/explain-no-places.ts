/** Why there is no picture of a slide whose patches have no known place. */
import { AppError } from '@microtome/domain/app-error';

export function explainNoPlaces(): AppError {
  return new AppError(
    'NOT_FOUND',
    'The source of this dataset does not tell where its patches lie: they cannot be put back in place.',
  );
}
