/** What every resolver gets: the services of this process, and what belongs to one request alone. */
import type { ApiServices } from '../services.ts';
import { createLoaders, type Loaders } from './loaders.ts';

export type ApiContext = ApiServices & {
  requestId: string;
  loaders: Loaders;
  /** Aborted when the client leaves, time is over or the process stops: nothing more is done then. */
  signal: AbortSignal;
  /** Rejects when `signal` aborts; null of a subscription, whose events outlive any wait. */
  stopped: Promise<never> | null;
};

/** The context of one request or one subscription. */
export function createContext(
  services: ApiServices,
  request: Pick<ApiContext, 'requestId' | 'signal' | 'stopped'>,
): ApiContext {
  return {
    ...services,
    requestId: request.requestId,
    signal: request.signal,
    stopped: request.stopped,
    log: services.log.child({ requestId: request.requestId }),
    loaders: createLoaders(services, request.signal),
  };
}
