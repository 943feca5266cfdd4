/** A connection that died without a word is broken off within seconds; one whose statement takes long is left alone. */

import { type Database, openDatabase } from '@microtome/store/database/database';
import { isDatabaseFault } from '@microtome/store/database/database-faults';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../../test-database.ts';

/** Longer than it takes to suspect a connection, ask and break it off. */
const LONG_SECONDS = 9;
const CALLS_AT_ONCE = 4;

let test: TestDatabase;
let proxy: DatabaseProxy;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  proxy = await openDatabaseProxy(test.databaseUrl);
});
beforeEach(() => {
  database = openDatabase({ databaseUrl: proxy.databaseUrl });
  return () => database.close();
});
afterAll(async () => {
  await proxy.close();
  await test.drop();
});

describe('a connection that falls silent', () => {
  it('fails its statements as a database that is away does, and the next ones have new connections', async () => {
    const ask = () => database.prisma.$queryRaw`select 1 as one`;
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, ask));
    proxy.silence();
    const errors = await Promise.all(
      [ask(), ask()].map((asked) =>
        asked.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    expect(errors.map(isDatabaseFault)).toEqual([true, true]);
    // The other two were silent as well.
    for (const rows of await Promise.all(Array.from({ length: CALLS_AT_ONCE }, ask)))
      expect(rows).toEqual([{ one: 1 }]);
  });

  it('fails a transaction on it, too', async () => {
    const falling = database.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`select 1`;
      proxy.silence();
      await tx.$queryRaw`select 2`;
    });
    expect(isDatabaseFault(await falling.catch((error: unknown) => error))).toBe(true);
  });
});

describe('a connection that is slow for a reason', () => {
  it('is left alone: a long statement, and a transaction whose caller takes long', async () => {
    const statement = database.pool.query('select pg_sleep($1)', [LONG_SECONDS]);
    const transaction = database.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`select 1`;
      await statement;
      return tx.$queryRaw`select 2 as two`;
    });
    expect(await transaction).toEqual([{ two: 2 }]);
  });
});
