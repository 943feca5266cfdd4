/**
 * The edge of MLflow's protocol: every error becomes its code and sentence in the shape that MLflow clients read; what the code
 * rules out is logged and answered without details.
 */
import { AppError, ERROR_CODES, type ErrorCode } from '@microtome/domain/app-error';
import { databaseAway, isDatabaseFault } from '@microtome/store/database/database-faults';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

const WORDS: Record<ErrorCode, string> = {
  BAD_INPUT: 'INVALID_PARAMETER_VALUE',
  NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  CONFLICT: 'INVALID_STATE',
  SEALED: 'PERMISSION_DENIED',
  FORBIDDEN: 'PERMISSION_DENIED',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  TOO_MANY_REQUESTS: 'REQUEST_LIMIT_EXCEEDED',
  CANCELED: 'INVALID_STATE',
  UNAVAILABLE: 'TEMPORARILY_UNAVAILABLE',
  DAMAGED: 'DATA_LOSS',
  INTERNAL: 'INTERNAL_ERROR',
};
/** What is taken is a bad request to MLflow, whose clients look at the status too. */
const TAKEN = 'RESOURCE_ALREADY_EXISTS';

export function createMlflowErrorAnswer(log: Logger) {
  return function answerError(
    error: unknown,
    _request: Request,
    response: Response,
    next: NextFunction,
  ): void {
    if (response.destroyed || response.headersSent) {
      next(error);
      return;
    }
    const known = toAppError(error);
    if (known.code === 'INTERNAL') {
      log.error({ requestId: response.locals.requestId, err: error }, 'request failed');
    }
    const word = typeof known.details.mlflow === 'string' ? known.details.mlflow : WORDS[known.code];
    const status = word === TAKEN ? 400 : ERROR_CODES[known.code].httpStatus;
    const { requestId } = response.locals;
    response.locals.refusal = known.message;
    response.status(status).json({ error_code: word, message: known.message, request_id: requestId });
  };
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseFault(error)) return databaseAway(error);
  const { status, type } = error as { status?: unknown; type?: unknown };
  // Express's own errors about the request (a body too large, a path that cannot be decoded) carry a status below 500.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const what = typeof type === 'string' ? `: ${type}` : '';
    return new AppError('BAD_INPUT', `The request cannot be read${what}.`);
  }
  return new AppError('INTERNAL', 'Something went wrong on the server. Its log has the details.', {
    cause: error,
  });
}
