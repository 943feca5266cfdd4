/** What every resolver gets: the services of this process, and what belongs to one request alone. */
import type { ApiServices } from '../services.ts';
import { createLoaders, type Loaders } from './loaders.ts';

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
    loaders: createLoaders(services),
  };
}
