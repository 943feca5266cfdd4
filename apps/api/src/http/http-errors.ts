/** The edge of HTTP: an AppError becomes its status and sentence; anything else is logged and answered without details. */
import { AppError, ERROR_CODES } from '@microtome/domain/app-error';
import { databaseAway, isDatabaseFault } from '@microtome/store/database/database-faults';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

export function createHttpErrorAnswer(log: Logger) {
  return function answerError(
    error: unknown,
    _request: Request,
    response: Response,
    next: NextFunction,
  ): void {
    if (hasClientLeft(error, response)) {
      log.info({ requestId: response.locals.requestId, err: error }, 'client left');
      return;
    }
    if (response.headersSent) {
      // The status is already sent: break the connection, so that the client does not take a part for the whole.
      log.error({ requestId: response.locals.requestId, err: error }, 'answer broken off');
      next(error);
      return;
    }
    const known = toAppError(error);
    if (known.code === 'INTERNAL') {
      log.error({ requestId: response.locals.requestId, err: error }, 'request failed');
    }
    const { retryAfterS } = known.details;
    if (typeof retryAfterS === 'number') response.setHeader('retry-after', String(retryAfterS));
    const { requestId } = response.locals;
    response.locals.refusal = known.message;
    response
      .status(ERROR_CODES[known.code].httpStatus)
      .json({ error: { code: known.code, message: known.message, requestId } });
  };
}

/** There is nothing left to answer, and nothing is wrong with the server. */
function hasClientLeft(error: unknown, response: Response): boolean {
  return response.destroyed && (error as { code?: unknown } | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseFault(error)) return databaseAway(error);
  const { status, type } = error as { status?: unknown; type?: unknown };
  // Express's own errors about the request (JSON that does not parse, a body too large) carry a status below 500.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError(
      'BAD_INPUT',
      `The request cannot be read${typeof type === 'string' ? `: ${type}` : ''}.`,
    );
  }
  return new AppError('INTERNAL', 'Something went wrong on the server. Its log has the details.', {
    cause: error,
  });
}
