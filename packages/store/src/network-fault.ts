/** Which errors of a socket mean that the other side cannot be reached at present. */

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** By its code; a name with several addresses is refused with one error for each of them. */
export function isNetworkFault(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.some(isNetworkFault)) return true;
  return error instanceof Error && 'code' in error && NETWORK_CODES.has(String(error.code));
}
