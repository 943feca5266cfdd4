/**
 * MLflow's own REST test file against this server, case by case, each with a server of its own. It runs where MLFLOW_PYTHON names
 * a Python with mlflow and pytest, and MLFLOW_TESTS a checkout of MLflow's repository with its folder `tests`; the table
 * in docs/mlflow.md is written with MLFLOW_TABLE=1.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readInheritedEnv, readMlflow } from '../../env.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { type CaseOutcome, findOutside, formatCases, NOT_HELD, sortCases } from './rest-cases.ts';

const { python, testsFolder, writesTable } = readMlflow();
const FILE = 'tests/tracking/test_rest_tracking.py';
const PAGE = 'docs/mlflow.md';
const LIMIT_MS = 3_000_000;

if (!python || !testsFolder)
  console.info('MLFLOW_PYTHON and MLFLOW_TESTS name no mlflow with its tests: skipped.');

it.skipIf(!python || !testsFolder)(
  'holds what MLflow asks of experiments, runs, numbers, searches, files and registry',
  async () => {
    const servers = await startServers();
    const outcomes = await runCases(servers.url);
    const errors = await servers.close();
    expect(errors).toEqual([]);
    const cases = sortCases(outcomes);
    expect(cases.length).toBeGreaterThan(50);
    const failed = cases.filter(({ holds }) => !holds).map(({ name }) => name);
    const texts = outcomes.filter(({ outcome }) => outcome === 'failed').map(({ text }) => text);
    expect(failed.sort(), texts.join('\n')).toEqual(Object.keys(NOT_HELD).sort());
    expect(failed.length / cases.length).toBeLessThan(0.1);
    if (writesTable) await replaceTable(formatCases(cases));
  },
  LIMIT_MS,
);

/** Opens a server with nothing in it for each case that asks, and tells what went wrong in any. */
async function startServers(): Promise<{ url: string; close(): Promise<string[]> }> {
  const open = new Map<string, TestApi>();
  const errors: string[] = [];
  let count = 0;
  const close = async (id: string) => {
    const api = open.get(id);
    if (!api) return;
    open.delete(id);
    errors.push(...api.logged.filter(({ level }) => Number(level) >= 50).map((line) => JSON.stringify(line)));
    await api.close();
  };
  const server = createServer(async (request, response) => {
    if (request.url === '/open') {
      const api = await startTestApi();
      const id = String(count++);
      open.set(id, api);
      response.end(JSON.stringify({ id, url: `${api.url}/mlflow` }));
      return;
    }
    await close(request.url?.split('/').at(-1) ?? '');
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const id of [...open.keys()]) await close(id);
      server.close();
      return errors;
    },
  };
}

async function runCases(serversUrl: string): Promise<CaseOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'microtome-mlflow-'));
  // Python takes no dash in the name of a module.
  await copyFile('test/api/mlflow/rest-cases.py', join(folder, 'rest_cases.py'));
  const record = join(folder, 'outcomes.jsonl');
  await writeFile(record, '');
  const names = [...(await readFile(join(testsFolder!, FILE), 'utf8')).matchAll(/^def (test_\w+)\(/gm)]
    .map(([, name]) => name!)
    .filter((name) => findOutside(name) === null);
  const args = [
    '-m',
    'pytest',
    '-q',
    '-p',
    'rest_cases',
    '-p',
    'no:cacheprovider',
    '--noconftest',
    '-W',
    'ignore',
  ];
  const child = spawn(python!, [...args, ...names.map((name) => `${FILE}::${name}`), '-k', 'not file]'], {
    cwd: testsFolder!,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...readInheritedEnv(),
      PYTHONPATH: `${folder}:${testsFolder}`,
      MICROTOME_SERVERS: serversUrl,
      MICROTOME_CASES: record,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    },
  });
  await once(child, 'exit');
  const lines = (await readFile(record, 'utf8')).split('\n').filter((line) => line !== '');
  await rm(folder, { recursive: true });
  return lines.map((line) => JSON.parse(line) as CaseOutcome);
}

async function replaceTable(table: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [start, end] = ['<!-- cases -->', '<!-- end of cases -->'];
  const [before, rest] = page.split(start);
  const [, after] = rest!.split(end);
  await writeFile(PAGE, `${before}${start}\n${table}\n${end}${after}`);
}
