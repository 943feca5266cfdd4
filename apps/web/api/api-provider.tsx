'use client';
/** Gives every component the API: its address, the Apollo client, the WebSocket and the state of the connection. */
import { ApolloProvider } from '@apollo/client/react';
import type { Client } from 'graphql-ws';
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import { type ApiLocation, resolveApiUrl, resolveFileUrl } from './api-address.ts';
import { createCacheClient } from './cache-client.ts';
import { type Connection, type ConnectionState, createConnection } from './connection.ts';
import { createLiveClient } from './live-client.ts';
import { watchReadiness } from './watch-readiness.ts';

type Api = {
  apiUrl: string;
  live: Client | null;
  connection: Connection;
  /** From here on the page asks the API for nothing by itself, until it is loaded again. */
  rest(): void;
};
type OpenApi = { api: Api; cacheClient: ReturnType<typeof createCacheClient>; reload: () => void };

const ApiContext = createContext<Api | null>(null);

export function ApiProvider({ location, children }: { location: ApiLocation; children: ReactNode }) {
  const [{ api, cacheClient, reload }] = useState(() => openApi(location));
  useEffect(() => {
    // The socket belongs to the tab: leaving the page closes it, React's double mount in development does not.
    const close = () => void api.live?.dispose();
    window.addEventListener('pagehide', close);
    return () => window.removeEventListener('pagehide', close);
  }, [api]);
  useEffect(() => {
    // The browser knows before any answer is missed.
    const giveUp = () => {
      if (api.connection.get() !== 'resting') api.live?.terminate();
    };
    window.addEventListener('offline', giveUp);
    return () => window.removeEventListener('offline', giveUp);
  }, [api]);
  useEffect(() => {
    const stop = watchReadiness({ ...api, onReady: reload });
    const unsubscribe = api.connection.subscribe(() => {
      if (api.connection.get() === 'resting') stop();
    });
    return () => {
      unsubscribe();
      stop();
    };
  }, [api, reload]);
  return (
    <ApiContext value={api}>
      <ApolloProvider client={cacheClient}>{children}</ApolloProvider>
    </ApiContext>
  );
}

/** The API of this page; only below ApiProvider. */
export function useApi(): Api {
  const api = use(ApiContext);
  if (!api) throw new Error('useApi is called outside ApiProvider.');
  return api;
}

export function useConnectionState(): ConnectionState {
  const { connection } = useApi();
  return useSyncExternalStore(connection.subscribe, connection.get, () => 'connecting');
}

/** Turns the address of a picture or file, as the API gives it, into one that the browser can load. */
export function useFileUrl(): (url: string) => string {
  const { apiUrl } = useApi();
  return (url) => resolveFileUrl(apiUrl, url);
}

function openApi(location: ApiLocation): OpenApi {
  const isBrowser = typeof window !== 'undefined';
  const apiUrl = resolveApiUrl(location, isBrowser ? window.location : null);
  const connection = createConnection();
  const reload = () => void cacheClient.refetchQueries({ include: 'active' });
  const live = isBrowser ? createLiveClient({ apiUrl, connection, onReconnect: reload }) : null;
  const cacheClient = createCacheClient({ apiUrl, live });
  const rest = () => {
    connection.set('resting');
    void live?.dispose();
  };
  return { api: { apiUrl, live, connection, rest }, cacheClient, reload };
}
