/** Counts statements, so that a list is seen to cost as many for one row as for many. */
import type { Store } from '@microtome/store/store';

type Client = { query: (...args: never[]) => unknown };

/** Statements that reached the database while `act` ran, whatever asked for them. */
export async function countStatements(store: Store, act: () => Promise<unknown>): Promise<number> {
  const { pool } = store.database;
  const originals = new Map<Client, Client['query']>();
  let count = 0;
  const watch = (client: Client) => {
    if (originals.has(client)) return;
    const query = client.query;
    originals.set(client, query);
    client.query = (...args) => {
      count += 1;
      return query.apply(client, args);
    };
  };
  pool.on('acquire', watch as never);
  await act();
  pool.off('acquire', watch as never);
  for (const [client, query] of originals) client.query = query;
  return count;
}
