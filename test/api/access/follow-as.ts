/** A subscription by somebody: how its first word begins, over a WebSocket that sends a token in its introduction. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { AccessBench, Who } from './access-bench.ts';

/** The code of the error that it begins with; `EVENT` when it begins with something else. */
export async function followAs(
  { api, tokens }: AccessBench,
  who: Who,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<string> {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: tokens[who] ? { authorization: `Bearer ${tokens[who]}` } : {},
  });
  try {
    for await (const { errors } of client.iterate({ query, variables })) {
      return String(errors?.[0]?.extensions?.code ?? 'EVENT');
    }
    return 'NOTHING';
  } finally {
    await client.dispose();
  }
}
