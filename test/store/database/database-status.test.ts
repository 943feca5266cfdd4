/** A process whose database cannot be used ends with a sentence that names the place and keeps the password to itself. */
import { createServer } from 'node:net';
import { openStore } from '@microtome/store/store';
import { expect, inject, it } from 'vitest';
import { withDatabase } from '../../test-database.ts';

const open = (databaseUrl: string) => openStore({ databaseUrl, artifactUrl: 'file:/tmp/microtome-unused' });

it('says which server does not answer', async () => {
  const port = await findClosedPort();
  const failure = open(`postgresql://somebody:secret@127.0.0.1:${port}/microtome`);
  await expect(failure).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `PostgreSQL at 127.0.0.1:${port}/microtome cannot be used: connect ECONNREFUSED 127.0.0.1:${port}.`,
  });
});

it('says which database is not there', async () => {
  const failure = open(withDatabase(inject('serverUrl'), 'nobody_made_it'));
  await expect(failure).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(
      /nobody_made_it cannot be used: database "nobody_made_it" does not exist\.$/,
    ),
  });
});

it('says that a database was never migrated', async () => {
  const failure = open(withDatabase(inject('serverUrl'), 'postgres'));
  await expect(failure).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(
      /\/postgres has no Microtome tables: run 'npm run migrate' on it first\.$/,
    ),
  });
});

/** A port that was free a moment ago: nothing listens there. */
async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
