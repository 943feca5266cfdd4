/** What the schema engine does to a server without the engine itself: create a database, try to reach one. */
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';

/** Postgres and socket error codes → Prisma's. */
const PRISMA_CODES = {
  '3D000': 'P1003',
  '28P01': 'P1000',
  28000: 'P1010',
  ECONNREFUSED: 'P1001',
  ENOTFOUND: 'P1001',
};

/**
 * The settings of one connection. Fields, not the URL: a `connectionString` would override `database`, and shadow
 * databases need another one. One connection: the engine's advisory lock must live on the session that migrates.
 */
export function readClientConfig(url) {
  return { ...parseIntoClientConfig(url), max: 1 };
}

/** Creates the database that the URL names; fails when it exists. */
export async function createDatabase(url) {
  const config = readClientConfig(url);
  const client = new pg.Client({ ...config, database: 'postgres' });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(config.database)}`);
  } finally {
    await client.end();
  }
  return { databaseName: config.database };
}

/** Connects and leaves again. */
export async function pingDatabase(url) {
  const client = new pg.Client(readClientConfig(url));
  await client.connect();
  await client.end();
}

/** Prisma's code and a message for an error of connecting. */
export function describeConnectionError(error) {
  return { code: PRISMA_CODES[error.code] ?? 'P1000', message: error.message || String(error.code) };
}
