/** What every resolver gets: the store, the loaders of this request, and the services of this process. */
import type { Listener } from '@microtome/store/listen';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import type { ImportRoots } from './import-roots.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { Statistics } from './statistics/statistics.ts';

/** What lives as long as the process. */
export type ApiServices = {
  store: Store;
  listener: Listener;
  statistics: Statistics;
  importRoots: ImportRoots;
  startedAt: Date;
  log: Logger;
};

export type ApiContext = ApiServices & {
  requestId: string;
  loaders: Loaders;
  /** Aborted when the process stops: subscriptions end then. */
  signal: AbortSignal;
};

/** The context of one request or one subscription. */
export function createContext(
  services: ApiServices,
  request: { requestId: string; signal: AbortSignal },
): ApiContext {
  return {
    ...services,
    requestId: request.requestId,
    signal: request.signal,
    log: services.log.child({ requestId: request.requestId }),
    loaders: createLoaders(services.store),
  };
}
