/** One pool of connections to Postgres, shared by Prisma and raw SQL. A process opens it and passes it on explicitly. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.ts';
import { columnReaders } from './column-readers.ts';
import { watchForSilence } from './silent-connections.ts';

/** How long to wait for a connection and to hold a transaction: generous, because training may keep all cores busy. */
const TRANSACTION_WAIT_MS = 20_000;
const TRANSACTION_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 20_000;

export type Database = {
  prisma: PrismaClient;
  pool: pg.Pool;
  url: string;
  close(): Promise<void>;
};

/** Prisma inside an interactive transaction. */
export type Transaction = Omit<
  PrismaClient,
  '$connect' | '$disconnect' | '$on' | '$transaction' | '$use' | '$extends'
>;

type DatabaseOptions = {
  databaseUrl: string;
  /** Most connections held at once. */
  poolSize?: number;
  /**
   * A transaction in which nothing is done for this long is rolled back by the server. A process that freezes in one (its
   * machine sleeps, say) would keep what it locked from all others.
   */
  idleTransactionMs?: number;
};

/** Connects lazily: the first query notices an unreachable server. */
export function openDatabase({ databaseUrl, poolSize = 10, idleTransactionMs }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(idleTransactionMs === undefined ? {} : { idle_in_transaction_session_timeout: idleTransactionMs }),
  });
  // A connection that breaks fails its statement or, idle, is replaced by the pool. One that was taken out and does nothing
  // at that moment has neither; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (connection) => connection.on('error', () => {}));
  const stopWatching = watchForSilence(pool, databaseUrl);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: TRANSACTION_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
  // The readers change no types, they enforce them: callers see an ordinary client.
  const prisma = client.$extends(columnReaders) as unknown as PrismaClient;
  return {
    prisma,
    pool,
    url: databaseUrl,
    async close() {
      stopWatching();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
