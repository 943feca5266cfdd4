/** What is logged reaches who reads the log: what is wrong at once, all else within a moment, and all of it when the process ends. */
import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogStream } from '../../apps/api/src/log-stream.ts';

const MODULE = fileURLToPath(new URL('../../apps/api/src/log-stream.ts', import.meta.url));
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openLog() {
  const folder = await mkdtemp(join(tmpdir(), 'microtome-log-'));
  const path = join(folder, 'log');
  const descriptor = openSync(path, 'w');
  const stream = createLogStream(descriptor);
  // Nothing is to be written once the number means another file.
  const flush = process.listeners('exit').at(-1) as () => void;
  closing.push(
    () => rm(folder, { recursive: true }),
    () => closeSync(descriptor),
    () => process.off('exit', flush),
    flush,
  );
  const readLines = () =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line).msg]));
  return { log: pino({}, stream), readLines };
}

describe('what is logged', () => {
  it('of ordinary things is written together, a moment later', async () => {
    const { log, readLines } = await openLog();
    for (const message of ['one', 'two', 'three']) log.child({ requestId: 'a' }).info(message);
    expect(readLines()).toEqual([]);
    await expect.poll(readLines).toEqual(['one', 'two', 'three']);
    log.info('four');
    await expect.poll(readLines).toEqual(['one', 'two', 'three', 'four']);
  });

  it.each(['warn', 'error', 'fatal'] as const)(
    'as %s is written at once, with what waited',
    async (level) => {
      const { log, readLines } = await openLog();
      log.info('before');
      log[level]('wrong');
      expect(readLines()).toEqual(['before', 'wrong']);
      log.info('after');
      expect(readLines()).toEqual(['before', 'wrong']);
      await expect.poll(readLines).toEqual(['before', 'wrong', 'after']);
    },
  );

  it('does not wait where there is much of it', async () => {
    const { log, readLines } = await openLog();
    for (let line = 0; line < 1_000; line++) log.info(`line ${line}`);
    expect(readLines().length).toBeGreaterThan(800);
    await expect.poll(readLines).toHaveLength(1_000);
  });

  it('is there when the process has ended, however it ended', async () => {
    const run = (end: string) => {
      const script = `const { pino } = await import('pino'); const { createLogStream } = await import('${MODULE}');
        const log = pino({}, createLogStream()); log.info('last'); ${end}`;
      return promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    };
    for (const end of ['', 'process.exit(0)', 'process.exitCode = 0']) {
      expect(JSON.parse((await run(end)).stdout)).toMatchObject({ msg: 'last' });
    }
    await expect(run('throw new Error()')).rejects.toMatchObject({
      stdout: expect.stringContaining('"last"'),
    });
  });
});
