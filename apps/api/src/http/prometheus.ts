/** Figures for Prometheus: GET /metrics. Counts of runs and of the queue are read on request. */

import { RUN_STATUSES } from '@microtome/domain/run/run-status';
import { countRuns } from '@microtome/store/run/runs';
import { countWorkers } from '@microtome/store/run/workers';
import type { NextFunction, Request, Response, Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';

const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type ApiMetrics = {
  registry: Registry;
  /** Open subscriptions. */
  subscriptions: Gauge;
  /** WebSockets that were let in and are open. */
  sockets: Gauge;
  /** Clients that were closed because they read too slowly. */
  slowClients: Counter;
  /** Sockets and operations over them that were refused because there were too many, by `what`. */
  socketRefusals: Counter;
  /** GraphQL operations by kind and whether they had errors. */
  operations: Counter;
  countRequest(request: Request, response: Response, next: NextFunction): void;
};

export const METRICS_ROUTES: readonly RouteDescription[] = [
  { method: 'GET', path: '/metrics', about: 'Figures for Prometheus.', gives: 'text/plain' },
];

export function createApiMetrics(services: ApiServices): ApiMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'microtome_http_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  const subscriptions = new Gauge({
    name: 'microtome_subscriptions',
    help: 'Open GraphQL subscriptions.',
    registers,
  });
  const socketMetrics = createSocketMetrics(registers);
  const operations = new Counter({
    name: 'microtome_graphql_operations_total',
    help: 'GraphQL operations over HTTP.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  addStoreGauges(services, registry);

  function countRequest(request: Request, response: Response, next: NextFunction): void {
    const stop = requests.startTimer();
    response.on('close', () => {
      // The route's pattern, not the path: a series for each artifact would grow without end.
      const route = String(request.route?.path ?? (request.path === '/graphql' ? '/graphql' : 'other'));
      stop({ method: request.method, route, status: response.statusCode });
    });
    next();
  }

  return { registry, subscriptions, ...socketMetrics, operations, countRequest };
}

function createSocketMetrics(registers: Registry[]) {
  return {
    sockets: new Gauge({ name: 'microtome_sockets', help: 'Open WebSockets.', registers }),
    slowClients: new Counter({
      name: 'microtome_slow_clients_closed_total',
      help: 'WebSocket clients that were closed because they read too slowly.',
      registers,
    }),
    socketRefusals: new Counter({
      name: 'microtome_socket_refusals_total',
      help: 'WebSockets, and operations over them, that were refused because there were too many.',
      labelNames: ['what'],
      registers,
    }),
  };
}

export function addMetricsRoute(router: Router, { registry }: ApiMetrics): void {
  router.get('/metrics', async (_request, response) => {
    response.setHeader('content-type', registry.contentType).send(await registry.metrics());
  });
}

function addStoreGauges({ store }: ApiServices, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'microtome_runs',
    help: 'Runs by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      for (const status of RUN_STATUSES) this.set({ status }, 0);
      for (const { status, count } of await countRuns(store)) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'microtome_queue_depth',
    help: 'Jobs waiting for a worker, by queue.',
    labelNames: ['queue'],
    registers,
    async collect() {
      this.reset();
      for (const { queue, waiting } of await store.queue.measureDepth()) this.set({ queue }, waiting);
    },
  });
  new Gauge({
    name: 'microtome_workers',
    help: 'Workers by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      for (const status of ['IDLE', 'BUSY', 'GONE']) this.set({ status }, 0);
      for (const { status, count } of await countWorkers(store)) this.set({ status }, count);
    },
  });
}
