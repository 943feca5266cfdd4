/** Where the API is: told by the server at run time, or the page's own host with the API's port. */

export type ApiLocation = { apiUrl: string | null; apiPort: number };

type PageLocation = { protocol: string; hostname: string };

/** The API's base address without a trailing slash, e.g. http://127.0.0.1:4000. */
export function resolveApiUrl(location: ApiLocation, page: PageLocation | null): string {
  if (location.apiUrl) return location.apiUrl.replace(/\/+$/, '');
  const { protocol, hostname } = page ?? { protocol: 'http:', hostname: '127.0.0.1' };
  return `${protocol}//${hostname}:${location.apiPort}`;
}

export function toWebSocketUrl(apiUrl: string): string {
  return `${apiUrl.replace(/^http/, 'ws')}/graphql`;
}

/** Addresses of pictures and files are absolute, or paths below the API's address. */
export function resolveFileUrl(apiUrl: string, url: string): string {
  return new URL(url, `${apiUrl}/`).href;
}
