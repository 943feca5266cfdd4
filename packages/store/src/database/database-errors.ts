/** Turns the database's refusals into errors for the caller. */
import { AppError } from '@microtome/domain/app-error';

const UNIQUE_VIOLATION = 'P2002';
const FOREIGN_KEY_VIOLATIONS = new Set(['P2003', 'P2014']);

/** CONFLICT with the sentence, about the field, when a name or place was taken; any other error as it is. */
export function rethrowTaken(error: unknown, sentence: string, field = 'name'): never {
  if (readCode(error) !== UNIQUE_VIOLATION) throw error;
  throw new AppError('CONFLICT', sentence, { cause: error, details: { field } });
}

/** CONFLICT with the sentence when something still refers to the row; any other error as it is. */
export function rethrowInUse(error: unknown, sentence: string): never {
  if (!FOREIGN_KEY_VIOLATIONS.has(readCode(error) ?? '')) throw error;
  throw new AppError('CONFLICT', sentence, { cause: error });
}

/** The error of a server or of the connection to it. A name with several addresses fails with one error for each. */
export function describeRefusal(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeRefusal).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Server and database, never the password. */
export function describePlace(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `PostgreSQL at ${host}${pathname}`;
}

function readCode(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}
