/** Runs that neptune-exporter wrote, taken over: all of each, once, and what cannot be read is told. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importNeptuneRuns } from '@microtome/store/neptune-import/import-neptune-runs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';
import { writeExport } from './write-export.ts';

const DAY = Date.UTC(2025, 0, 2);

let test: TestStore;
let folder: string;
beforeAll(async () => {
  test = await createTestStore();
  folder = await mkdtemp(path.join(tmpdir(), 'microtome-neptune-'));
  const loss = { path: 'metrics/loss', type: 'float_series' };
  await writeExport(folder, {
    ...{ project: 'lab/slides', run: 'SLI-1' },
    parts: [
      [
        { path: 'sys/name', type: 'string', string_value: 'first' },
        { path: 'sys/owner', type: 'string', string_value: 'ada' },
        { path: 'sys/failed', type: 'bool', bool_value: true },
        { path: 'sys/creation_time', type: 'datetime', datetime_value: new Date(DAY) },
        { path: 'sys/modification_time', type: 'datetime', datetime_value: new Date(DAY + 60_000) },
        { path: 'sys/tags', type: 'string_set', string_set_value: ['a', 'b'] },
        { path: 'params/lr', type: 'float', float_value: 0.5 },
        { path: 'params/epochs', type: 'int', int_value: 3n },
        { path: 'note', type: 'file', file_value: { path: 'SLI-1/note.txt' } },
        { path: 'lost', type: 'file', file_value: { path: '../outside.txt' } },
      ],
      [
        { ...loss, step: 1, timestamp: new Date(DAY), float_value: 0.5 },
        { ...loss, step: 2, timestamp: new Date(DAY + 1), float_value: Number.NaN },
        { path: 'log', type: 'string_series', step: 1, timestamp: new Date(DAY), string_value: 'begun' },
      ],
    ],
    files: { 'SLI-1/note.txt': 'kept' },
  });
  const half = { ...loss, step: 0.5, timestamp: new Date(DAY), float_value: 1 };
  await writeExport(folder, { project: 'lab/slides', run: 'SLI-2', parts: [[half]] });
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

it('are taken over with every attribute, number and file, and not twice', async () => {
  const { prisma } = test.store.database;
  const first = await importNeptuneRuns(test.store, { folder });
  expect(first).toMatchObject({ experiments: 1, imported: 1, unchanged: 0 });
  expect(first.warnings).toEqual([
    "Run 'first' lacks its file ../outside.txt: the export does not have it.",
    expect.stringMatching(/^SLI-2.* is not taken over: 'metrics\/loss' has the step 0\.5/),
  ]);
  const run = await prisma.run.findFirstOrThrow({ where: { name: 'first' }, include: { experiment: true } });
  expect(run).toMatchObject({
    ...{ origin: 'EXTERNAL', status: 'FAILED', experiment: { name: 'lab/slides' } },
    hyperparameters: { 'params/lr': 0.5, 'params/epochs': 3 },
    ...{ startedAt: new Date(DAY), finishedAt: new Date(DAY + 60_000) },
  });
  const points = () => prisma.metric.findMany({ where: { runId: run.id }, orderBy: { step: 'asc' } });
  expect((await points()).map(({ name, step, value }) => [name, step, value])).toEqual([
    ['metrics/loss', 1, 0.5],
    ['metrics/loss', 2, Number.NaN],
  ]);
  const labels = await prisma.runLabel.findMany({ where: { runId: run.id } });
  expect(Object.fromEntries(labels.map(({ key, value }) => [key, value]))).toMatchObject({
    ...{ 'neptune.tags': 'a, b', 'microtome.importedFrom': 'neptune:lab/slides#SLI-1' },
  });
  const files = await prisma.runFile.findMany({ where: { runId: run.id }, orderBy: { path: 'asc' } });
  expect(files.map((file) => file.path).toSorted()).toEqual([
    'SLI-1/note.txt',
    'neptune/log.ndjson',
    'neptune/part_0.parquet',
    'neptune/part_1.parquet',
  ]);
  expect(await importNeptuneRuns(test.store, { folder })).toMatchObject({ imported: 0, unchanged: 1 });
  expect(await points()).toHaveLength(2);
  expect(await prisma.run.count()).toBe(1);
});

it('with fractions as steps are taken over by a multiplier, and no other later', async () => {
  const other = await importNeptuneRuns(test.store, { folder, stepMultiplier: 10 });
  expect(other).toMatchObject({ imported: 1, unchanged: 0 });
  expect(other.warnings).toEqual([expect.stringContaining('Its steps were multiplied by another number')]);
  const run = await test.store.database.prisma.run.findFirstOrThrow({ where: { name: 'SLI-2' } });
  const points = await test.store.database.prisma.metric.findMany({ where: { runId: run.id } });
  expect(points.map(({ step }) => step)).toEqual([5]);
});

it('are refused where there are none, and told where a part is damaged', async () => {
  await expect(importNeptuneRuns(test.store, { folder: '/nowhere' })).rejects.toThrow('There is no folder');
  const empty = await mkdtemp(path.join(folder, 'empty-'));
  await expect(importNeptuneRuns(test.store, { folder: empty })).rejects.toThrow('holds no run');
  await writeExport(empty, { project: 'p', run: 'R', parts: [[]] });
  await writeFile(path.join(empty, 'data', 'p-0123456789abcdef', 'R-0123_part_0.parquet'), 'PAR1 no more');
  const { warnings } = await importNeptuneRuns(test.store, { folder: empty });
  expect(warnings).toEqual([expect.stringContaining('is no part that neptune-exporter wrote')]);
});
