/** The platform's API as its users reach it: one request with one answer, and the sentences of its errors. */

const ANSWER_LIMIT_MS = 30_000;

export type Api = {
  url: string;
  /** Fails with the first error's code and sentence. */
  ask<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  isReady(): Promise<boolean>;
  /** The status with which a file is served. */
  fetchArtifact(hash: string): Promise<number>;
};

export class RefusedRequest extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

type Answer<T> = { data?: T | null; errors?: { message: string; extensions?: { code?: string } }[] };

export function createApi(url: string): Api {
  const get = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  return {
    url,
    async ask<T>(query: string, variables: Record<string, unknown> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const { data, errors } = (await response.json()) as Answer<T>;
      const [error] = errors ?? [];
      if (error) throw new RefusedRequest(error.extensions?.code ?? 'INTERNAL', error.message);
      return data as T;
    },
    async isReady() {
      const answer = await get('/readyz').catch(() => null);
      await answer?.body?.cancel();
      return answer?.ok ?? false;
    },
    async fetchArtifact(hash) {
      const answer = await get(`/artifacts/${hash}`);
      // Read to its end: damage that shows late breaks the answer off.
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}
