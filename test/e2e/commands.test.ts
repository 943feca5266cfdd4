/** The commands as a user types them: the demo with its baseline, and the version that it registered trained again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSample } from '../../apps/cli/src/demo/sample.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';

/** Half a minute on an idle machine. */
const BUSY_MACHINE_MS = 300_000;

describe('on the command line', () => {
  let homeDir: string;
  let database: TestDatabase;
  beforeAll(async () => {
    homeDir = await mkdtemp(join(tmpdir(), 'microtome-commands-'));
    await generateSample({ seed: 5, patients: 12, patchesPerPatient: 14, path: join(homeDir, 'patches') });
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
    await rm(homeDir, { recursive: true, force: true });
  });

  it(
    'the demo holds both networks against the colour baseline, and its version comes out again bit for bit',
    async () => {
      const summaryFile = join(homeDir, 'summary.json');
      const demo = await run('demo', ['--dataset', join(homeDir, 'patches'), '--epochs', '1']);
      expect(demo).toMatchObject({ code: 0 });
      const summary = JSON.parse(await readFile(summaryFile, 'utf8'));
      expect(summary.runs.map((one: { architecture: string }) => one.architecture)).toEqual([
        'shallow',
        'deep',
      ]);
      expect(summary.baseline).toMatchObject({ architecture: 'colour-baseline', status: 'SUCCEEDED' });
      expect(summary.baseline.test.auc).toEqual(expect.any(Number));
      const again = await run('reproduce', ['--model', `idc-classifier@${summary.promotion.version}`]);
      expect(again.output).toContain('Reproduced, bit for bit.');
      expect(again.code).toBe(0);
      const unset = await run('demo', ['--dataset', '']);
      expect(unset).toMatchObject({ code: 1, output: expect.stringContaining('It is empty.') });
      const stranger = await run('reproduce', ['--model', 'nobody@1']);
      expect(stranger).toMatchObject({
        code: 1,
        output: expect.stringContaining("There is no model 'nobody'"),
      });

      async function run(command: 'demo' | 'reproduce', options: string[]) {
        const script = fileURLToPath(new URL(`../../apps/cli/src/${command}.ts`, import.meta.url));
        const forDemo = command === 'demo' ? ['--baseline', '--summary', summaryFile, '--exit'] : [];
        const { databaseUrl: DATABASE_URL } = database;
        const settings = { DATABASE_URL, MICROTOME_HOME: homeDir, TRAIN_BACKEND: 'onnx', API_PORT: '0' };
        const child = spawn(process.execPath, [script, ...options, ...forDemo], {
          env: { ...process.env, ...settings },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => {
            output += text;
          });
        const [code] = await once(child, 'close');
        return { code, output };
      }
    },
    BUSY_MACHINE_MS,
  );
});
