/**
 * Refusals that MLflow's protocol tells apart more finely than ours: what is taken, what is in the wrong state, what only the
 * gate may do. The word stands in the error's details; where there is none, the error's own code says it.
 */
import { AppError } from '@microtome/domain/app-error';

type MlflowWord = 'RESOURCE_ALREADY_EXISTS' | 'INVALID_STATE' | 'PERMISSION_DENIED';

function refuseTaken(message: string): never {
  throw refusal('RESOURCE_ALREADY_EXISTS', message);
}

export function refuseState(message: string): never {
  throw refusal('INVALID_STATE', message);
}

export function refuseForbidden(message: string): never {
  throw new AppError('FORBIDDEN', message, { details: { mlflow: 'PERMISSION_DENIED' satisfies MlflowWord } });
}

/** What a name or place that was taken becomes; any other error as it is. */
export function rethrowAsTaken(error: unknown, message: string): never {
  if ((error as { code?: string } | null)?.code === 'P2002') refuseTaken(message);
  throw error;
}

function refusal(word: MlflowWord, message: string): AppError {
  return new AppError('CONFLICT', message, { details: { mlflow: word } });
}
