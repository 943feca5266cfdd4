import { type ChildProcess, spawn } from 'node:child_process';
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

  it('is taken over, with its data, when the process that started it was killed', async () => {
    const { child, databaseUrl } = await startHolder();
    await query(databaseUrl, 'create table kept as select 7 as answer');
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The server itself still runs.
    expect(await query(databaseUrl, 'select answer from kept')).toEqual([{ answer: 7 }]);
    const next = await start();
    try {
      expect(await query(next.databaseUrl, 'select answer from kept')).toEqual([{ answer: 7 }]);
    } finally {
      await next.stop();
    }
  });

  it('loses nothing that was committed when the server itself is killed', async () => {
    const first = await startEmbeddedPostgres({ homeDir });
    await query(first.databaseUrl, 'create table kept as select 9 as answer');
    const [pid] = (await readFile(join(homeDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await first.stop();
    const next = await startEmbeddedPostgres({ homeDir });
    try {
      expect(await query(next.databaseUrl, 'select answer from kept')).toEqual([{ answer: 9 }]);
    } finally {
      await next.stop();
    }
  });

  it('is made anew when making it was cut off, and takes over a lock whose number now means another process', async () => {
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
