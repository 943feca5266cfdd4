/** A small GraphQL client for commands: queries over HTTP, subscriptions over WebSocket that survive a restarted API. */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { AppError } from '@microtome/domain/app-error';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

type Variables = Record<string, unknown>;
type GraphqlAnswer<T> = { data?: T | null; errors?: { message: string; extensions?: { code?: string } }[] };

export type GraphqlClient = {
  /** Sends one query or mutation; the first error of the answer is thrown as an AppError with its sentence. */
  request<Answer, Given extends Variables>(
    document: TypedDocumentNode<Answer, Given>,
    variables: Given,
  ): Promise<Answer>;
  /**
   * Follows a subscription. After a lost connection it is asked again with fresh variables, so that a cursor can
   * move on; it never gives up by itself.
   */
  follow<Answer, Given extends Variables>(
    document: TypedDocumentNode<Answer, Given>,
    variables: () => Given,
  ): AsyncIterable<Answer>;
  close(): Promise<void>;
};

const RECONNECT_DELAY_MS = 500;

export function createGraphqlClient(apiUrl: string): GraphqlClient {
  const socket = createClient({
    url: `${apiUrl.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
  });

  async function request<Answer, Given extends Variables>(
    document: TypedDocumentNode<Answer, Given>,
    variables: Given,
  ): Promise<Answer> {
    const response = await fetch(`${apiUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(document), variables }),
    });
    return unwrap((await response.json()) as GraphqlAnswer<Answer>);
  }

  async function* follow<Answer, Given extends Variables>(
    document: TypedDocumentNode<Answer, Given>,
    variables: () => Given,
  ): AsyncIterable<Answer> {
    for (;;) {
      try {
        for await (const answer of socket.iterate({ query: print(document), variables: variables() })) {
          yield unwrap(answer as GraphqlAnswer<Answer>);
        }
        return;
      } catch (error) {
        if (error instanceof AppError) throw error;
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY_MS));
      }
    }
  }

  return { request, follow, close: async () => socket.dispose() };
}

function unwrap<T>(answer: GraphqlAnswer<T>): T {
  const [error] = answer.errors ?? [];
  if (error)
    throw new AppError(error.extensions?.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_INPUT', error.message);
  return answer.data as T;
}
