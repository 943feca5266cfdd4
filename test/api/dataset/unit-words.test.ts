/**
 * A dataset that is not of patients, and whose task is not IDC, through evaluation, comparison, paper, card and gate: no
 * sentence speaks of patients but to say that they are unknown, and none names another task's side.
 */
import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import { parquetMetadata } from 'hyparquet';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildComparisonReport } from '../../../apps/api/src/comparison/build-comparison-report.ts';
import { gatherComparisonEvidence } from '../../../apps/api/src/comparison/gather-comparison-evidence.ts';
import { openImportRoots } from '../../../apps/api/src/dataset/import-roots.ts';
import { type ApiServices, createServices } from '../../../apps/api/src/services.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { NOTHING_OUTGOING, startTestApi, type TestApi } from '../test-api.ts';

const TASK = {
  source: 'BreakHis',
  classNames: ['benign', 'malignant'],
  taskName: 'malignant against benign',
};
const COMPARE = `query ($ids: [ID!]!) { compareRuns(runIds: $ids) { warnings pairs { caution refused
  metrics { name low high pValue verdict { text } } tests { naiveAuc { low high } } } } }`;
const EVALUATIONS = `query ($id: ID!) { run(id: $id) { dataset { unit { warning intervalWarning } } learning { title reason }
  evaluations { learning { title reason } intervals naiveIntervals { name low high widthRatio } } } }`;

type Comparison = {
  warnings: string[];
  pairs: {
    metrics: { name: string; low: number | null; high: number | null; verdict: { text: string } }[];
    tests: { naiveAuc: { low: number; high: number } | null };
  }[];
};

let api: TestApi;
let services: ApiServices;

beforeAll(async () => {
  api = await startTestApi();
  const { store, listener, importRoot } = api;
  const importRoots = await openImportRoots([importRoot]);
  services = createServices({
    store,
    listener,
    importRoots,
    outgoing: NOTHING_OUTGOING,
    log: pino({ level: 'silent' }),
  });
});
afterAll(async () => {
  await services.audits.close();
  await services.background.close();
  await api.close();
});

describe('a dataset of slides', () => {
  it('is told of by slides and by its task everywhere, and accepted by a policy that says so', async () => {
    const bench = await createBench(api.store, { patients: 12, dataset: { ...TASK, unit: 'SLIDE' } });
    const { text, run } = await tellAll(bench, 'slides');
    expect(listStrays(text)).toEqual([]);
    for (const wanted of [
      'Tests by slide',
      'One dot per slide',
      'Slide by slide (TEST)',
      'draws of whole slides',
      'ROC AUC of malignant',
      "a slide's patches that are malignant",
      'of benign',
      'Task malignant against benign',
      'its dataset is split by slide, and the policy does not accept slides',
      'intervals by slide may be too narrow',
    ]) {
      expect(text).toContain(wanted);
    }
    const file = await api.get(`/runs/${run.id}/predictions.parquet`);
    expect(file.headers.get('content-disposition')).toContain(`"predictions-malignant-${run.id}.parquet"`);
    const { key_value_metadata: about } = parquetMetadata(await file.arrayBuffer());
    expect(Object.fromEntries(about!.map(({ key, value }) => [key, value]))).toEqual({
      ...{ unit: 'SLIDE', task: TASK.taskName, positive: 'malignant' },
    });
    const { id: modelId } = await createModel(api.store, {
      name: 'accepting',
      policy: { acceptSlides: true, requireColourBaseline: false },
    });
    await registerModelVersion(api.store, { modelId, runId: run.id });
    const card = await readCard(modelId);
    expect(card).toContain('patients-known | safety | yes');
    expect(card).toContain('Patients are unknown: its dataset is split by slide, which the policy accepts.');
    expect(card).toContain('> **Patients unknown**');
  });
});

describe('a dataset of nothing but patches', () => {
  it('is told of as one whose patients are unknown, with intervals by patch that are said to be too narrow', async () => {
    const bench = await createBench(api.store, {
      strategy: 'PUBLISHED',
      dataset: {
        ...TASK,
        ...{ unit: 'NONE', patients: 1, patchesPerPatient: 240, patientKeys: ['unknown'], hasPlaces: false },
        stripsPerPatient: 0,
        givenOf: ({ place }) => (['TRAIN', 'VALIDATION', 'TEST'] as const)[place % 3]!,
      },
    });
    const { text, comparison, evaluations } = await tellAll(bench, 'patches');
    expect(listStrays(text)).toEqual([]);
    expect(text).toContain('intervals treat patches as independent, and are too narrow');
    expect(text).toContain('nothing else in the dataset keeps them together');
    expect(text).not.toContain('by slide');
    const [pair] = comparison.pairs;
    expect(pair!.metrics.every(({ low, high }) => low === null && high === null)).toBe(true);
    expect(new Set(pair!.metrics.map(({ verdict }) => verdict.text))).toEqual(new Set(['undefined']));
    expect(pair!.tests.naiveAuc).not.toBeNull();
    for (const { intervals, naiveIntervals } of evaluations) {
      expect(intervals).toEqual({});
      expect(naiveIntervals.map(({ name }) => name)).toContain('auc');
      expect(naiveIntervals.every(({ widthRatio }) => widthRatio === null)).toBe(true);
    }
  });
});

type Told = {
  text: string;
  run: Run;
  comparison: Comparison;
  evaluations: { intervals: object; naiveIntervals: { name: string; widthRatio: number | null }[] }[];
};

/** Everything that is said of two finished runs, and of a model of the first, where TEST of both is open. */
async function tellAll(bench: Bench, name: string): Promise<Told> {
  const { store } = api;
  const runs = [
    await finishRun(store, bench, { skill: 3, seed: 1 }),
    await finishRun(store, bench, { skill: 0.5, seed: 2 }),
  ] as const;
  for (const { id } of runs) {
    await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', { id });
  }
  const ids = runs.map(({ id }) => id);
  const audit = await auditStoredSplit(store, { splitId: bench.split.id });
  const { compareRuns } = await api.ask<{ compareRuns: Comparison }>(COMPARE, { ids });
  const { run } = await api.ask<{ run: { evaluations: Told['evaluations'] } }>(EVALUATIONS, { id: ids[0] });
  const request = { runIds: ids, referenceId: null, sharedPatientsOnly: false };
  const report = buildComparisonReport(await gatherComparisonEvidence(services, request));
  const { id: modelId } = await createModel(store, { name });
  await registerModelVersion(store, { modelId, runId: runs[0].id });
  const texts = [
    [...audit.reasons, ...audit.notes].join('\n'),
    listTexts(compareRuns).join('\n'),
    listTexts(run).join('\n'),
    listTexts(report).join('\n'),
    await readCard(modelId),
  ];
  return { text: texts.join('\n'), run: runs[0], comparison: compareRuns, evaluations: run.evaluations };
}

async function readCard(modelId: string): Promise<string> {
  const answer = await api.get(`/models/${modelId}/versions/1/card.md`);
  expect(answer.status).toBe(200);
  return answer.text();
}

/** Every text in a value, however deep. */
function listTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(listTexts);
}

/** Sentences that speak of patients other than to say that they are unknown, or of a side of another task. */
function listStrays(text: string): string[] {
  const parts = text
    .replaceAll(/\\/g, '')
    .replaceAll(CODE_NAMES, '')
    .split(/\n|\s\|\s|(?<=[.!?])\s+/);
  return parts.filter((part) =>
    /\bIDC\b|patient/i.test(part.replaceAll(/(?<!over )patients? (are )?unknown/gi, '')),
  );
}

/** Names of strategies, hyperparameters and rules, which follow no unit; and what a source is warned of by its unit. */
const CODE_NAMES =
  /PATIENT_STRATIFIED|patientSampling|patients-known|enough-test-patients|one patient's slides may be|slides of one patient are alike/g;
