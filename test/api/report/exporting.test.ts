/** Tables of a run as files: CSV and Parquet hold the same, to the last bit, and never a sealed TEST. */

import { decodePredictions } from '@microtome/store/evaluation/predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Row = Record<string, string | number | null>;

let api: TestApi;
let bench: Bench;
let run: Run;

const readCsv = async (path: string): Promise<Row[]> => {
  const [head, ...lines] = (await (await api.get(path)).text()).trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, readField(name, fields[at]!)]));
  });
};
const readField = (name: string, text: string) =>
  text === '' ? null : name === 'patient' || name === 'subset' ? text : Number(text);
const readParquet = async (path: string): Promise<Row[]> => {
  const response = await api.get(path);
  expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
  return (await parquetReadObjects({ file: await response.arrayBuffer() })) as Row[];
};

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  run = await finishRun(api.store, bench);
});
afterAll(() => api.close());

describe('the tables of a run', () => {
  it('hold VALIDATION alone while TEST is sealed, in every format', async () => {
    for (const table of ['predictions', 'patients']) {
      for (const rows of [
        await readCsv(`/runs/${run.id}/${table}.csv`),
        await readParquet(`/runs/${run.id}/${table}.parquet`),
      ]) {
        expect(rows.length).toBeGreaterThan(0);
        expect(new Set(rows.map(({ subset }) => subset))).toEqual(new Set(['VALIDATION']));
      }
    }
  });

  it('hold the same rows in both formats, with the stored doubles, once TEST is open', async () => {
    await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', {
      id: run.id,
    });
    for (const table of ['predictions', 'patients']) {
      const csv = await readCsv(`/runs/${run.id}/${table}.csv`);
      expect(await readParquet(`/runs/${run.id}/${table}.parquet`)).toEqual(csv);
      expect(new Set(csv.map(({ subset }) => subset))).toEqual(new Set(['VALIDATION', 'TEST']));
    }
    const { artifactHash } = await api.store.database.prisma.runArtifact.findUniqueOrThrow({
      where: { runId_role: { runId: run.id, role: 'PREDICTIONS_TEST' } },
    });
    const stored = decodePredictions(await api.store.artifacts.read(artifactHash));
    const rows = await readParquet(`/runs/${run.id}/predictions.parquet`);
    const test = rows.filter(({ subset }) => subset === 'TEST');
    expect(test.map(({ probability }) => probability)).toEqual([...stored.probabilities]);
  });

  it('count each patient from its own patches', async () => {
    const predictions = await readCsv(`/runs/${run.id}/predictions.csv`);
    const patients = await readCsv(`/runs/${run.id}/patients.csv`);
    expect(patients.length).toBe(new Set(predictions.map(({ patient }) => patient)).size);
    for (const row of patients) {
      const own = predictions.filter(({ patient }) => patient === row.patient);
      const positives = own.filter(({ label }) => label === 1).length;
      const called = own.filter(({ probability }) => Number(probability) >= Number(row.threshold)).length;
      expect(row).toMatchObject({ patches: own.length, positives });
      expect(Number(row.tp) + Number(row.fp)).toBe(called);
      expect(row.true_area).toBe(positives / own.length);
      expect(row.predicted_area).toBe(called / own.length);
      expect(row.auc === null).toBe(positives === 0 || positives === own.length);
    }
  });

  it('are not there before a run has finished', async () => {
    const queued = await launch(api.store, bench);
    for (const file of ['predictions.csv', 'predictions.parquet', 'patients.csv', 'patients.parquet']) {
      const response = await api.get(`/runs/${queued.id}/${file}`);
      expect(response.status).toBe(404);
      expect(await response.text()).toMatch(/is QUEUED: it/);
    }
  });

  it('write places as the names of the files do, which may count from 0', async () => {
    const before = await readCsv(`/runs/${run.id}/predictions.csv`);
    const { pool } = api.store.database;
    await pool.query('alter table dataset disable trigger dataset_guard');
    await pool.query('update dataset set places_from = 0');
    await pool.query('alter table dataset enable trigger dataset_guard');
    const after = await readCsv(`/runs/${run.id}/predictions.csv`);
    expect(after.map(({ x, y }) => [x, y])).toEqual(before.map(({ x, y }) => [Number(x) - 1, Number(y) - 1]));
  });
});

describe('an evaluation', () => {
  it('is explored at other thresholds without anything being stored', async () => {
    const answer = await api.ask<{ run: { threshold: number; evaluations: Explored[] } }>(
      `query ($id: ID!) { run(id: $id) { threshold evaluations { subset threshold confusion { tp fp tn fn }
        naiveIntervals { name low high widthRatio } pr { x y }
        operatingPoints { threshold isFrozen rules confusion { tp fp tn fn } metrics } } } }`,
      { id: run.id },
    );
    for (const { operatingPoints, confusion, naiveIntervals, pr } of answer.run.evaluations) {
      const frozen = operatingPoints.filter(({ isFrozen }) => isFrozen);
      expect(frozen).toHaveLength(1);
      expect(frozen[0]!.confusion).toEqual(confusion);
      expect(operatingPoints.flatMap(({ rules }) => rules).sort()).toEqual(['f1', 'sensitivity', 'youden']);
      expect(operatingPoints[0]!.confusion).toMatchObject({ tn: 0, fn: 0 });
      expect(naiveIntervals.map(({ name }) => name)).toContain('auc');
      expect(pr.at(-1)).toMatchObject({ x: 1 });
    }
    const [validation] = answer.run.evaluations;
    const youden = validation!.operatingPoints.find(({ rules }) => rules.includes('youden'))!;
    const best = Math.max(...validation!.operatingPoints.map(({ metrics }) => metrics.balancedAccuracy));
    expect(youden.metrics.balancedAccuracy).toBe(best);
  });
});

type Explored = {
  confusion: object;
  naiveIntervals: { name: string }[];
  pr: { x: number; y: number }[];
  operatingPoints: {
    isFrozen: boolean;
    rules: string[];
    confusion: object;
    metrics: { balancedAccuracy: number };
  }[];
};
