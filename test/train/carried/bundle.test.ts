import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { carryRun } from '@microtome/store/run/carried-runs';
import { getRun } from '@microtome/store/run/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceWorkerFiles } from '../../../workers/train/bundle/trace-files.ts';
import { writeJobFile } from '../../../workers/train/src/carried/carried-job.ts';
import { prepareCarriedJob } from '../../../workers/train/src/carried/prepare-carried-job.ts';
import { takeResult } from '../../../workers/train/src/carried/take-result.ts';
import { createWorkerFixture, type WorkerFixture } from '../worker-fixture.ts';

const run = promisify(execFile);
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const BUILDER = fileURLToPath(new URL('../../../workers/train/bundle/build.ts', import.meta.url));
const TIMEOUT_MS = 180_000;
/** All that a bare root has: glibc, as Node and its addons ask for it. */
const GLIBC = /\/(ld-linux[^/]*|lib(c|m|dl|rt|pthread))\.so/;
/** A root of its own is only to be had by root, and devices by few. */
const canChangeRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!canChangeRoot)('a worker in one file (skipped where the tests do not run as root)', () => {
  let fixture: WorkerFixture;
  let dir: string;
  let root: string;

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    dir = await mkdtemp(join(tmpdir(), 'bundle-'));
    root = join(dir, 'root');
    await mkdir(root);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await fixture.close();
    await rm(dir, { recursive: true, force: true });
  });

  it(
    'trains a carried job in a root that holds nothing else but glibc',
    async () => {
      const bundle = join(dir, 'worker.tar');
      await run(process.execPath, [BUILDER, '--without-web', '--out', bundle], {
        env: { ...process.env, NODE_NO_WARNINGS: '1' },
      });
      await run('tar', ['-xf', bundle, '-C', root]);
      await layOutGlibc(root);
      const { id } = await fixture.launch({ epochs: 2 });
      const job = await prepareCarriedJob(fixture.store, await carryRun(fixture.store, id));
      const { artifacts } = fixture.store;
      await writeJobFile(job, { artifacts, path: join(root, 'job.tar'), onBytes: () => undefined });

      const { code, output } = await startInRoot(root, ['--job', '/job.tar', '--out', '/result']);
      expect(output).toContain('epoch 2 of 2');
      expect(code).toBe(0);
      expect(await takeResult(fixture.store, join(root, 'result'))).toMatchObject({ epochs: 2 });
      expect(await getRun(fixture.store, id)).toMatchObject({ status: 'SUCCEEDED', backend: 'onnx' });
    },
    TIMEOUT_MS,
  );

  it('holds no test, no page, and nothing of other platforms', async () => {
    const names = await readdir(join(root, 'microtome-worker'), { recursive: true });
    expect(names).toContain('bin/node');
    const step = 'workers/train/src/engine/onnx/step';
    for (const file of ['part-thread.ts', 'update-kernel.wasm', 'max-pool-kernel.wasm']) {
      expect(names).toContain(`${step}/${file}`);
    }
    const platform = `${process.platform}/${process.arch}`;
    const binaries = names.filter((name) => /\.(node|so\.1)$/.test(name) && name.includes('onnxruntime'));
    expect(binaries.length).toBeGreaterThan(1);
    for (const name of binaries) expect(name).toContain(platform);
    expect(names.filter((name) => /(^|\/)(test|apps\/web)\/|\.d\.ts$|\.map$/.test(name))).toEqual([]);
    expect(names.filter((name) => /node_modules\/(pg|pg-boss|sharp|@img)\//.test(name))).toEqual([]);
  });

  it(
    'trains for a platform by its addresses alone; when it is killed, another one goes on with the run',
    async () => {
      const bundle = join(dir, 'whole.tar');
      await run(process.execPath, [BUILDER, '--out', bundle], {
        env: { ...process.env, NODE_NO_WARNINGS: '1' },
      });
      await mkdir(join(dir, 'elsewhere'));
      await run('tar', ['-xf', bundle, '-C', join(dir, 'elsewhere')]);
      const { id } = await fixture.launch({ epochs: 30, batchSize: 6 });
      const first = startForPlatform();
      for await (const { kind } of fixture.follow(id)) if (kind === 'EPOCH') break;
      first.kill('SIGKILL');
      await once(first, 'close');
      const second = startForPlatform();
      const trained = await fixture.waitUntilSettled(id);
      second.kill('SIGTERM');
      await once(second, 'close');
      expect(trained).toMatchObject({ status: 'SUCCEEDED', epochsDone: 30, attempt: 2 });
    },
    TIMEOUT_MS,
  );

  function startForPlatform(): ChildProcess {
    const { databaseUrl, artifactUrl } = fixture;
    const env = {
      DATABASE_URL: databaseUrl,
      ARTIFACT_URL: artifactUrl,
      TRAIN_BACKEND: 'onnx',
      TRAIN_THREADS: '1',
    };
    return spawn(join(dir, 'elsewhere/microtome-worker/start'), [], {
      env: { ...env, LOG_LEVEL: 'silent', PATH: process.env.PATH },
      cwd: dir,
      stdio: 'ignore',
    });
  }

  it(
    'brings what reads slides where that is asked for, and only there',
    async () => {
      const isOfSlides = (file: string) =>
        /trainer\/analyse-slide\.ts$|(^|\/)node_modules\/sharp\/package\.json$/.test(file);
      const without = await readdir(join(dir, 'elsewhere'), { recursive: true });
      expect(without.some((file) => file.endsWith('/src/trainer/trainer-process.ts'))).toBe(true);
      expect(without.filter(isOfSlides)).toEqual([]);
      const content = { hasWebgpu: false, reachesPlatform: true, readsSlides: true };
      const withSlides = await traceWorkerFiles(REPOSITORY, content);
      expect(withSlides.files.filter(isOfSlides)).toHaveLength(2);
      const attempt = run(process.execPath, [
        BUILDER,
        '--slides',
        '--without-web',
        '--out',
        join(dir, 'worker.tar'),
      ]);
      await expect(attempt).rejects.toMatchObject({
        stderr: expect.stringContaining('leave out --slides or --without-web'),
      });
    },
    TIMEOUT_MS,
  );

  it(
    'is refused under an ending that names no packing',
    async () => {
      const attempt = run(process.execPath, [BUILDER, '--without-web', '--out', join(dir, 'worker.zip')]);
      await expect(attempt).rejects.toMatchObject({
        stderr: expect.stringContaining("'worker.zip' must end in"),
      });
      expect(existsSync(join(dir, 'worker.zip'))).toBe(false);
    },
    TIMEOUT_MS,
  );
});

async function layOutGlibc(root: string): Promise<void> {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  const rt = join(dirname(sharedObjects.find((path) => /\/libc\.so/.test(path)) ?? ''), 'librt.so.1');
  for (const path of [...sharedObjects.filter((path) => GLIBC.test(path)), rt]) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
  await mkdir(join(root, 'tmp'));
  await mkdir(join(root, 'dev'));
  // A machine has it; a container root that is made by hand may not.
  if ((await stat('/dev/null')).isCharacterDevice())
    await cp('/dev/null', join(root, 'dev/null')).catch(makeNull);

  async function makeNull(): Promise<void> {
    await run('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  }
}

async function startInRoot(root: string, options: string[]): Promise<{ code: number; output: string }> {
  const place = '/microtome-worker';
  const child = spawn('chroot', [root, `${place}/bin/node`, `${place}/worker.mjs`, ...options], {
    env: { PATH: process.env.PATH, LD_LIBRARY_PATH: `${place}/lib`, TRAIN_THREADS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}
