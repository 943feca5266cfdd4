/** Gives each HTTP request an id, answers it back in `x-request-id`, and logs one line when it is done. */
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

const GIVEN_ID = /^[\w-]{1,64}$/;

export function createRequestLog(log: Logger) {
  return function logRequest(request: Request, response: Response, next: NextFunction): void {
    const startedAtMs = performance.now();
    const requestId = readRequestId(request);
    response.locals.requestId = requestId;
    response.setHeader('x-request-id', requestId);
    response.on('close', () => {
      const line = {
        requestId,
        method: request.method,
        path: request.path,
        status: response.statusCode,
        milliseconds: Math.round(performance.now() - startedAtMs),
        finished: response.writableFinished,
      };
      log[request.path === '/healthz' || request.path === '/readyz' ? 'debug' : 'info'](line, 'request');
    });
    next();
  };
}

function readRequestId(request: Request): string {
  const given = request.header('x-request-id');
  return given && GIVEN_ID.test(given) ? given : randomUUID();
}
