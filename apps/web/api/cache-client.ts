/**
 * The Apollo client: queries and mutations over HTTP, `runsChanged` and imports over the page's WebSocket.
 * Its cache holds facts that change rarely; live points of curves never enter it. An act may change more than it answers: a
 * run's TEST is sealed on its tissue too. After each, all that the page shows is asked again.
 */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition, relayStylePagination } from '@apollo/client/utilities';
import type { Client } from 'graphql-ws';
import { fetchOrTake } from './early-answers.ts';
import { createNewestAnswerLink } from './newest-answer.ts';

export function createCacheClient(request: { apiUrl: string; live: Client | null }): ApolloClient {
  const own = new HttpLink({ uri: `${request.apiUrl}/graphql`, credentials: 'include', fetch: fetchOrTake });
  const http = createNewestAnswerLink().concat(own);
  const link = request.live
    ? ApolloLink.split(({ query }) => isSubscription(query), new GraphQLWsLink(request.live), http)
    : http;
  return new ApolloClient({
    link,
    cache: createCache(),
    // A question that is asked again is asked because something changed: the answer to the first may be older.
    queryDeduplication: false,
    defaultOptions: {
      watchQuery: { fetchPolicy: 'cache-and-network', notifyOnNetworkStatusChange: false },
      mutate: { refetchQueries: 'active' },
    },
  });
}

/** Of an act that deletes what its page shows: the page is left, and the next one asks for itself. */
export const LEAVING = { refetchQueries: [] };

function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { RunEventOrProgress: ['RunEvent', 'RunProgress'] },
    typePolicies: {
      Query: { fields: { runs: relayStylePagination(['filter', 'query', 'orderBy', 'sort']) } },
      Dataset: { fields: { refusals: relayStylePagination(), patients: relayStylePagination() } },
      // A patient's counts differ between datasets, so two datasets never share a cache entry.
      Patient: { keyFields: false },
    },
  });
}

function isSubscription(query: Parameters<typeof getMainDefinition>[0]): boolean {
  const definition = getMainDefinition(query);
  return definition.kind === 'OperationDefinition' && definition.operation === 'subscription';
}
