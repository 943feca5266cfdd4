/** What every resolver gets: the services of this process, and what belongs to one request alone. */
import type { Access } from '../access/access.ts';
import type { ApiServices } from '../services.ts';
import { createLoaders, type Loaders } from './loaders.ts';

export type ApiContext = ApiServices & {
  requestId: string;
  /** Who asks, and what they may be shown. */
  access: Access;
  loaders: Loaders;
  /** Aborted when the client leaves, time is over or the process stops: nothing more is done then. */
  signal: AbortSignal;
  /** Rejects when `signal` aborts; null of a subscription, whose events outlive any wait. */
  stopped: Promise<never> | null;
};

/** The context of one request or one subscription. */
export function createContext(
  services: ApiServices,
  request: Pick<ApiContext, 'requestId' | 'access' | 'signal' | 'stopped'>,
): ApiContext {
  return {
    ...services,
    requestId: request.requestId,
    access: request.access,
    signal: request.signal,
    stopped: request.stopped,
    log: services.log.child({ requestId: request.requestId }),
    loaders: createLoaders(services, request.signal),
  };
}
