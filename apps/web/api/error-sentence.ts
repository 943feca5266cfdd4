/** Turns an error into a sentence that a person can act on. The messages of the API are such sentences already. */

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (/failed to fetch|networkerror|load failed/i.test(error.message)) return 'The API cannot be reached.';
  const match = /status code (\d+)/i.exec(error.message);
  if (match) return `The API answered with HTTP status ${match[1]}.`;
  return error.message;
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && /failed to fetch|networkerror|load failed/i.test(error.message);
}
