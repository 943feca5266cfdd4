import { openDatabase } from '@microtome/store/database/database';
import { isDatabaseFault, outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../../test-database.ts';

let test: TestDatabase;
let proxy: DatabaseProxy;
beforeAll(async () => {
  test = await createTestDatabase();
  proxy = await openDatabaseProxy(test.databaseUrl);
});
afterAll(async () => {
  await proxy.close();
  await test.drop();
});

describe('a database that is away', () => {
  it('is told from a request that is wrong, in every way in which we ask', async () => {
    const { prisma, pool, close } = openDatabase({ databaseUrl: proxy.databaseUrl });
    const ways = {
      model: () => prisma.run.count(),
      raw: () => prisma.$queryRaw`select 1`,
      transaction: () => prisma.$transaction((tx) => tx.run.count()),
      pool: () => pool.query('select 1'),
    };
    await Promise.all(Object.values(ways).map((ask) => ask()));
    const asleep = prisma.$queryRaw`select pg_sleep(60)`;
    const idle = prisma.$transaction(async (tx) => {
      await tx.run.count();
      proxy.cut();
      await tx.run.count();
    });
    for (const error of await Promise.all([asleep, idle].map(catchError)))
      expect(isDatabaseFault(error)).toBe(true);
    for (const ask of Object.values(ways)) expect(isDatabaseFault(await catchError(ask()))).toBe(true);
    proxy.mend();
    expect(isDatabaseFault(await catchError(prisma.$queryRaw`select nothing from nowhere`))).toBe(false);
    expect(isDatabaseFault(await catchError(pool.query("insert into dataset (id) values ('x')")))).toBe(
      false,
    );
    expect(isDatabaseFault(new Error('The weights do not fit.'))).toBe(false);
    await close();
  });

  it('ends no process by a connection that was taken out and does nothing at that moment', async () => {
    const { pool, close } = openDatabase({ databaseUrl: proxy.databaseUrl });
    const taken = await pool.connect();
    await taken.query('select 1');
    const uncaught: unknown[] = [];
    const watch = (error: unknown) => uncaught.push(error);
    process.prependListener('uncaughtException', watch);
    const ended = new Promise<void>((resolve) => taken.once('end', resolve));
    proxy.reset();
    await ended;
    process.off('uncaughtException', watch);
    expect(uncaught).toEqual([]);
    expect(isDatabaseFault(await catchError(taken.query('select 1')))).toBe(true);
    taken.release(true);
    await close();
  });

  it('is waited for until it is back, and not longer than the signal says', async () => {
    const { prisma, close } = openDatabase({ databaseUrl: proxy.databaseUrl });
    proxy.cut();
    let tries = 0;
    const count = () => {
      tries += 1;
      if (tries === 3) proxy.mend();
      return prisma.run.count();
    };
    expect(await outlastDatabaseFaults(count)).toBe(0);
    expect(tries).toBeGreaterThanOrEqual(3);
    proxy.cut();
    const impatient = new AbortController();
    const failing = outlastDatabaseFaults(() => {
      impatient.abort();
      return prisma.run.count();
    }, impatient.signal);
    expect(isDatabaseFault(await catchError(failing))).toBe(true);
    proxy.mend();
    await close();
  });
});

async function catchError(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => null,
    (error: unknown) => error,
  );
}
