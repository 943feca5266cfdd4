/** The address that a server listens on, and the name by which it is called there. */

/** To listen there is to listen on every address of the machine: it is the name of none. */
const EVERYWHERE = ['0.0.0.0', '::'];

/** As it stands in a URL or a Host header, without a port; null where the server listens on every address. */
export function nameListenAddress(host: string): string | null {
  if (EVERYWHERE.includes(host)) return null;
  return host.includes(':') ? `[${host}]` : host;
}
