/** Turns an error into a sentence that a person can act on. The messages of the API are such sentences already. */
import { CombinedGraphQLErrors } from '@apollo/client/errors';

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

/** As the API names it, for example CONFLICT; null of what is no answer of the API. */
export function readErrorCode(error: unknown): string | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const code = error.errors[0]?.extensions?.code;
  return typeof code === 'string' ? code : null;
}

/** The field of the input that the API names as what is wrong; null where it names none. */
export function readErrorField(error: unknown): string | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const field = error.errors[0]?.extensions?.field;
  return typeof field === 'string' ? field : null;
}
