import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const HOLDER = fileURLToPath(new URL('../../fixtures/hold-postgres.ts', import.meta.url));

let homeDir: string;

beforeEach(async () => {
  homeDir = await mkdtemp(join(tmpdir(), 'microtome postgres '));
});
afterEach(() => rm(homeDir, { recursive: true, force: true }));

describe('the embedded Postgres', () => {
  it('keeps its data over a stop and a start, under a password that only the owner can read', async () => {
    const first = await start();
    await query(first.databaseUrl, 'create table kept as select 42 as answer');
    await first.stop();
    await first.stop();
    const passwordFile = join(homeDir, 'postgres-password');
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    const second = await start();
    try {
      expect(await query(second.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
      const wrong = new URL(second.databaseUrl);
      wrong.password = 'guessed';
      await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    } finally {
      await second.stop();
    }
  });

  it('says who holds it when it is started a second time', async () => {
    const { stop, port } = await start();
    try {
      await expect(start()).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(`process ${process.pid} at 127.0.0.1:${port}`),
      });
    } finally {
      await stop();
    }
  });

  it('ends when the process that started it was killed, and keeps its data for the next', async () => {
    const { child, databaseUrl } = await startHolder();
    await query(databaseUrl, 'create table kept as select 7 as answer');
    const server = await readServerPid();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await waitUntilGone(server);
    const next = await start();
    try {
      expect(await query(next.databaseUrl, 'select answer from kept')).toEqual([{ answer: 7 }]);
    } finally {
      await next.stop();
    }
  });

  it('is taken over, with its data, when everything around it was killed', async () => {
    const { child, databaseUrl } = await startHolder();
    await query(databaseUrl, 'create table kept as select 8 as answer');
    const server = await readServerPid();
    for (const pid of [findParent(server), child.pid!]) process.kill(pid, 'SIGKILL');
    await once(child, 'exit');
    // The server itself still runs.
    expect(await query(databaseUrl, 'select answer from kept')).toEqual([{ answer: 8 }]);
    const next = await start();
    try {
      expect(await query(next.databaseUrl, 'select answer from kept')).toEqual([{ answer: 8 }]);
    } finally {
      await next.stop();
    }
  });

  it.each(['the server', 'its guardian'])(
    'is started again at the same address when %s is killed',
    async (victim) => {
      const back = Promise.withResolvers<void>();
      const messages: string[] = [];
      const postgres = await startEmbeddedPostgres({
        homeDir,
        onChange: (message) => {
          messages.push(message);
          if (message.includes('back')) back.resolve();
        },
      });
      try {
        await query(postgres.databaseUrl, 'create table kept as select 9 as answer');
        const server = await readServerPid();
        process.kill(victim === 'the server' ? server : findParent(server), 'SIGKILL');
        await back.promise;
        expect(messages).toEqual([
          'The database server ended and is being restarted.',
          'The database server is back.',
        ]);
        expect(await query(postgres.databaseUrl, 'select answer from kept')).toEqual([{ answer: 9 }]);
      } finally {
        await postgres.stop();
      }
    },
  );

  it('is started again when another process tells the server to end, without waiting for its clients', async () => {
    const back = Promise.withResolvers<void>();
    const postgres = await startEmbeddedPostgres({
      homeDir,
      onChange: (message) => {
        if (message.includes('back')) back.resolve();
      },
    });
    const client = new pg.Client({ connectionString: postgres.databaseUrl });
    client.on('error', () => {});
    await client.connect();
    try {
      process.kill(await readServerPid(), 'SIGTERM');
      await back.promise;
      expect(await query(postgres.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await client.end().catch(() => undefined);
      await postgres.stop();
    }
  });

  it('starts although an old note names a stranger as its server', async () => {
    const first = await start();
    await first.stop();
    const note = `${process.pid}\n${join(homeDir, 'postgres')}\n1700000000\n5432\n\n127.0.0.1\n`;
    await writeFile(join(homeDir, 'postgres', 'postmaster.pid'), note);
    const next = await start();
    await next.stop();
  });

  it('is made again when making it was cut off, and takes over a lock whose number now means another process', async () => {
    await mkdir(join(homeDir, 'postgres.new'), { recursive: true });
    await writeFile(join(homeDir, 'postgres.new', 'rubbish'), 'half');
    const stale = { pid: process.pid, startedAt: 'another boot:1', token: 'x', address: null };
    await writeFile(join(homeDir, 'postgres.lock'), JSON.stringify(stale));
    const postgres = await start();
    await postgres.stop();
  });

  it('lets one of many that start at once win', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    for (const { stop } of won) await stop();
    expect(won).toHaveLength(1);
  });

  it('runs below a folder that only its owner can enter', async () => {
    await chmod(homeDir, 0o700);
    const postgres = await startEmbeddedPostgres({ homeDir: join(homeDir, 'deep', 'home'), durable: false });
    expect(await query(postgres.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  it('says what the server said when it does not start', async () => {
    const postgres = await start();
    await postgres.stop();
    await writeFile(join(homeDir, 'postgres', 'postgresql.conf'), 'nonsense_setting = 1\n');
    await expect(start()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('nonsense_setting'),
    });
  });
});

function start() {
  return startEmbeddedPostgres({ homeDir, durable: false });
}

async function startHolder(): Promise<{ child: ChildProcess; databaseUrl: string }> {
  const child = spawn(process.execPath, [HOLDER, homeDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout!, 'data');
  return { child, databaseUrl: `${line}`.trim() };
}

async function readServerPid(): Promise<number> {
  return Number((await readFile(join(homeDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** The guardian of a server. */
function findParent(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout);
}

async function waitUntilGone(pid: number): Promise<void> {
  await expect.poll(() => findParent(pid), { timeout: 20_000 }).toBe(0);
}

async function query(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
