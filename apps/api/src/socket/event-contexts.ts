/** The contexts in which the events of subscriptions are answered. */
import { randomUUID } from 'node:crypto';
import type { Access } from '../access/access.ts';
import { type ApiContext, createContext } from '../graphql/context.ts';
import type { ApiServices } from '../services.ts';

/**
 * One of a turn for all who may see the same, whose loaders ask for all of them
 * together.
 */
export function createEventContexts(
  services: ApiServices,
  signal: AbortSignal,
): (access: Access) => ApiContext {
  const contexts = new Map<string, ApiContext>();
  return (access) => {
    const known = contexts.get(access.key);
    if (known) return known;
    if (contexts.size === 0) setImmediate(() => contexts.clear());
    const context = createContext(services, { requestId: randomUUID(), access, signal, stopped: null });
    contexts.set(access.key, context);
    return context;
  };
}
