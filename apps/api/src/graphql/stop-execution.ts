/**
 * Stops an operation whose client has left or whose time is over. GraphQL itself would go on to the last field; here no
 * field of it begins any more, and one that waits stops waiting, so that no further statement is asked for. What a
 * mutation has begun is finished: its outcome is never in doubt because a client stopped listening.
 */
import { AppError } from '@microtome/domain/app-error';
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { ApiContext } from './context.ts';
import { throwIfStopped } from './throw-if-stopped.ts';

type Resolver = GraphQLFieldResolver<unknown, ApiContext>;

/** Ends after `timeoutMs` or by `leave`, whichever is first; `clear` when the operation is over. */
export function createStop(timeoutMs: number) {
  const controller = new AbortController();
  const { signal } = controller;
  const late = `The operation took longer than ${timeoutMs / 1000} s and was stopped. Ask for less.`;
  const timer = setTimeout(() => controller.abort(new AppError('CANCELED', late)), timeoutMs);
  timer.unref();
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // Without a field that waits, nothing else would hear it.
  stopped.catch(() => undefined);
  return {
    signal,
    stopped,
    leave: () => controller.abort(new AppError('CANCELED', 'The client left.')),
    clear: () => clearTimeout(timer),
  };
}

/** Makes every field of the schema heed the signal of its context. */
export function heedStops(schema: GraphQLSchema): GraphQLSchema {
  const mutation = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve) field.resolve = heedStop(field.resolve, { finishes: type === mutation }) as Resolver;
    }
  }
  return schema;
}

function heedStop(resolve: Resolver, { finishes }: { finishes: boolean }): Resolver {
  return (source, args, context, info) => {
    throwIfStopped(context.signal);
    const value = resolve(source, args, context, info);
    return context.stopped && !finishes && value instanceof Promise
      ? Promise.race([value, context.stopped])
      : value;
  };
}
