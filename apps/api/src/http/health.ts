/** Health: whether the process is alive, and whether it can serve (the database answers and notifications arrive). */
import { AppError } from '@microtome/domain/app-error';
import type { Router } from 'express';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';

const READY_TIMEOUT_MS = 3_000;

export const HEALTH_ROUTES: readonly RouteDescription[] = [
  { method: 'GET', path: '/healthz', about: 'Whether the process is alive.', gives: 'application/json' },
  {
    method: 'GET',
    path: '/readyz',
    about: 'Whether it can serve: the database answers and its notifications arrive.',
    gives: 'application/json',
  },
];

export function addHealthRoutes(router: Router, { store, listener }: ApiServices): void {
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });

  router.get('/readyz', async (_request, response) => {
    const timeout = new Promise<never>((_resolve, reject) => {
      const message = `The database did not answer within ${READY_TIMEOUT_MS / 1000} s.`;
      setTimeout(() => reject(new AppError('UNAVAILABLE', message)), READY_TIMEOUT_MS).unref();
    });
    await Promise.race([store.database.pool.query('select 1'), timeout]).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      throw new AppError('UNAVAILABLE', 'The database does not answer.', { cause });
    });
    if (!listener.isConnected()) {
      throw new AppError('UNAVAILABLE', 'Notifications from the database are not arriving at present.');
    }
    response.json({ status: 'ready' });
  });
}
