/** A real API on a free port over a database of its own, and small clients for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createListener, type Listener } from '@microtome/store/database/listen';
import { openStore, type Store } from '@microtome/store/store';
import { openUploads } from '@microtome/store/upload/uploads';
import { createClient } from 'graphql-ws';
import { type Logger, pino } from 'pino';
import { WebSocket } from 'ws';
import type { AuthSettings } from '../../apps/api/src/access/auth-settings.ts';
import { openImportRoots } from '../../apps/api/src/dataset/import-roots.ts';
import type { OutgoingSettings } from '../../apps/api/src/delivery/outgoing-settings.ts';
import { startApiServer } from '../../apps/api/src/server.ts';
import { createServices } from '../../apps/api/src/services.ts';
import type { SocketLimits } from '../../apps/api/src/socket/socket-limits.ts';
import { createTestDatabase } from '../test-database.ts';

export type Answer = {
  data: Record<string, never> | null;
  errors?: { message: string; path?: string[]; extensions: { code: string } }[];
};

/** Webhooks to the public internet alone, and no mail. */
export const NOTHING_OUTGOING: OutgoingSettings = {
  dashboardUrl: 'http://localhost:3000',
  mayReachPrivateNetworks: false,
  mail: null,
};

export type TestApi = {
  url: string;
  port: number;
  /** What its Express was told to serve. */
  routes: readonly unknown[];
  store: Store;
  listener: Listener;
  /** A folder that is the import root. */
  importRoot: string;
  log: Logger;
  /** Lines that the server logged. */
  logged: Record<string, unknown>[];
  /** The data; an error of the answer is thrown with its code and sentence. */
  ask<T>(document: string, variables?: object): Promise<T>;
  /** The first error's code and sentence; throws when there is none. */
  fail(document: string, variables?: object): Promise<{ code: string; message: string }>;
  /** Results of a subscription, over a WebSocket of its own. */
  follow<T>(document: string, variables?: object): AsyncGenerator<T, void>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

type TestApiOptions = {
  hasGraphiql?: boolean;
  /** Of the dashboard whose pages may ask. */
  webPort?: number;
  socketLimits?: Partial<SocketLimits>;
  outgoing?: OutgoingSettings;
  /** How people sign in; left out, there are no accounts. */
  auth?: AuthSettings;
  hasIntrospection?: boolean;
  /** A free one when left out. */
  port?: number;
  /** Gives the address by which the API reaches its database. */
  route?(databaseUrl: string): Promise<string>;
};

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'microtome-api-'));
  const database = await createTestDatabase();
  const databaseUrl = (await options.route?.(database.databaseUrl)) ?? database.databaseUrl;
  const store = await openStore({ databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` });
  const listener = createListener(databaseUrl);
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const uploads = await openUploads({ folder: join(folder, '.uploads'), bytesMax: 1e9 });
  const importRoots = await openImportRoots([folder], uploads.folder);
  const { outgoing = NOTHING_OUTGOING } = options;
  const services = createServices({ store, listener, importRoots, uploads, outgoing, log });
  const server = await startApiServer({
    services,
    host: '127.0.0.1',
    port: options.port ?? 0,
    webPort: options.webPort ?? 3000,
    allowedHosts: [],
    allowedOrigins: [],
    hasGraphiql: options.hasGraphiql ?? false,
    socketLimits: options.socketLimits,
    auth: options.auth,
    hasIntrospection: options.hasIntrospection,
  });
  const post = createPoster(server.url);
  return {
    url: server.url,
    port: server.port,
    routes: server.routes,
    store,
    listener,
    importRoot: folder,
    log,
    logged,
    async ask<T>(document: string, variables: object = {}) {
      const { data, errors } = await post(document, variables);
      if (errors?.[0]) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions.code });
      return data as T;
    },
    async fail(document, variables = {}) {
      const { data, errors } = await post(document, variables);
      if (!errors?.[0]) throw new Error(`No error, but ${JSON.stringify(data)}.`);
      return { code: errors[0].extensions.code, message: errors[0].message };
    },
    follow: (document, variables = {}) => follow(server.url, document, variables),
    get: (path, headers = {}) => fetch(server.url + path, { headers }),
    async close() {
      await server.close();
      await services.audits.close();
      await services.importPreviews.close();
      await services.background.close();
      await listener.close();
      await store.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

function createPoster(url: string) {
  return async (query: string, variables: object): Promise<Answer> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
}

async function* follow<T>(url: string, query: string, variables: object): AsyncGenerator<T, void> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  try {
    for await (const { data, errors } of client.iterate<T>({ query, variables: { ...variables } })) {
      if (errors?.[0])
        throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions?.code });
      yield data as T;
    }
  } finally {
    await client.dispose();
  }
}

/** The first `count` results of a subscription, which is then completed. */
export async function take<T>(results: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const result of results) {
    taken.push(result);
    if (taken.length === count) break;
  }
  return taken;
}
