/** `npm run evaluate`: what it prints, what it writes, what it ends with, and that it leaves nothing behind. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packSmall, SMALL } from '../store/scored-table/tables.ts';

const COMMAND = fileURLToPath(new URL('../../apps/cli/src/evaluate.ts', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-scores-'));
  await writeFile(path.join(folder, 'scores.csv'), SMALL);
  await writeFile(path.join(folder, 'scores.parquet'), packSmall());
});
afterAll(() => rm(folder, { recursive: true }));

function evaluate(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

it('prints figures by model, sites and the verdict, the same of CSV and of Parquet', async () => {
  const [csv, parquet] = await Promise.all([evaluate('scores.csv'), evaluate('scores.parquet')]);
  expect(csv).toMatchObject({ status: 0, stderr: '' });
  expect(csv.stdout).toBe(parquet.stdout);
  expect(csv.stdout).toContain("patients in 'patient'; sites in 'site'; scores in 'deep', 'wide'.");
  expect(csv.stdout).toMatch(/ROC AUC of tumor +0\.939 \(0\.\d+ to 1\.000\) +0\.859 \(/);
  expect(csv.stdout).toContain("On 6 patients 'deep'");
  expect(csv.stdout).toContain('ROC AUC by site');
});

it('writes all of it as JSON, of the scores and at the thresholds that are asked for', async () => {
  const flags = ['--score', 'deep', '--threshold', 'deep=0.4', '--json', 'all.json', '--map', 'site='];
  const { status } = await evaluate('scores.csv', ...flags);
  expect(status).toBe(0);
  const all = JSON.parse(await readFile(path.join(folder, 'all.json'), 'utf8'));
  expect(all).toMatchObject({
    ...{ unit: 'PATIENT', positiveName: 'tumor', negativeName: 'normal', pairs: [], draws: 2000 },
    sides: [{ side: 'ALL', models: [{ name: 'deep', threshold: 0.4, sites: [] }] }],
  });
  await rm(path.join(folder, 'all.json'));
});

it('ends with 2 and one sentence when nothing can be evaluated', async () => {
  const refused = await Promise.all([
    evaluate('absent.csv'),
    evaluate('scores.csv', '--positive', 'benign'),
    evaluate('scores.csv', '--threshold', 'tall=0.4'),
    evaluate('scores.csv', '--threshold', '7'),
    evaluate('scores.csv', '--map', 'colour=x'),
  ]);
  const sentences = [
    'There is no table at absent.csv.',
    "There is no label 'benign'",
    "There are no scores 'tall'",
    'It has to be a number from 0 to 1.',
    "The mapping 'colour=x'",
  ];
  for (const [at, { status, stdout, stderr }] of refused.entries()) {
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(sentences[at]);
  }
  expect((await readdir(folder)).toSorted()).toEqual(['scores.csv', 'scores.parquet']);
});
