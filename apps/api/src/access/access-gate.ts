/**
 * The door of every HTTP request: who asks, whether a cookie may be trusted here, and whether the table of routes lets it pass.
 * What changes something is put on record here. It stands before all routes, so that one that is added without a line in the table is closed.
 */
import type { Store } from '@microtome/store/store';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { type Access, LOCAL_ACCESS } from './access.ts';
import type { Authentication } from './authentication.ts';
import { refuseForgery } from './credentials.ts';
import { requireNeed } from './judge-need.ts';
import type { ProjectIndex } from './project-index.ts';
import { recordRoute } from './record-act.ts';
import { findRouteAccess } from './route-access.ts';

type Means = { store: Store; log: Logger; projects: ProjectIndex };

export function createAccessGate(means: Means, authentication: Authentication) {
  const { projects } = means;
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { headers, method } = request;
    const access = await authentication.identify({ headers, address: readAddress(request) });
    response.locals.access = access;
    if (access.principal.kind !== 'LOCAL') {
      response.setHeader('vary', 'Authorization, Cookie');
      refuseForgery(authentication.readCredential(headers), { method, headers });
      const route = findRouteAccess(method, request.path);
      const named = { ...readQuery(request), ...route?.params };
      const need = route?.need;
      const { path } = route ?? request;
      await recordRoute(means, { request, response, access, path, need, named });
      await requireNeed({ principal: access.principal, need, named, projects });
    }
    next();
  };
}

/** Of a request that passed the gate. */
export function readAccess(response: Response): Access {
  return (response.locals.access as Access | undefined) ?? LOCAL_ACCESS;
}

export function readAddress(request: Request): string {
  return request.socket.remoteAddress ?? 'unknown';
}

/** Several ids stand in one value, with commas between them. */
function readQuery({ query }: Request): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.split(',').flatMap((part) => part.trim() || []) : value,
    ]),
  );
}
