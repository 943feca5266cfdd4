/** The environment of the tests: the server to use instead of an embedded one, if any. */

/** Undefined: tests start a Postgres of their own. Its user must be allowed to create databases. */
export function readDatabaseUrl(source: NodeJS.ProcessEnv = process.env): string | undefined {
  return source.DATABASE_URL || undefined;
}
