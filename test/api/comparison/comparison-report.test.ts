/** A comparison on paper: what it says, over which runs, and that TEST stays sealed in it. */
import type { Run } from '@microtome/store/generated/prisma/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildComparisonReport } from '../../../apps/api/src/comparison/build-comparison-report.ts';
import { gatherComparisonEvidence } from '../../../apps/api/src/comparison/gather-comparison-evidence.ts';
import { openImportRoots } from '../../../apps/api/src/dataset/import-roots.ts';
import { type ApiServices, createServices } from '../../../apps/api/src/services.ts';
import { readPdfText } from '../read-pdf.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { NOTHING_OUTGOING, startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let services: ApiServices;
let bench: Bench;
let runs: [Run, Run];

const open = (run: Run) =>
  api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', { id: run.id });
const write = async (compared: readonly Run[] = runs) => {
  const runIds = compared.map(({ id }) => id);
  const request = { runIds, referenceId: null, sharedPatientsOnly: false };
  return buildComparisonReport(await gatherComparisonEvidence(services, request));
};

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
  bench = await createBench(store, { dataset: { siteOf: (patient) => `centre ${1 + (patient % 2)}` } });
  runs = [
    await finishRun(store, bench, { skill: 3, seed: 1 }),
    await finishRun(store, bench, { skill: 0.5, seed: 2 }),
  ];
});
afterAll(async () => {
  await services.audits.close();
  await services.background.close();
  await api.close();
});

describe('a comparison on paper', () => {
  it('has VALIDATION alone while TEST is sealed, and says why nothing is tested', async () => {
    const { blocks } = await write();
    const text = JSON.stringify(blocks);
    expect(text).toContain('Each run on VALIDATION');
    expect(text).not.toContain('Each run on TEST');
    expect(text).toMatch(/TEST of run '.*' is sealed: open it first/);
  });

  it('has differences, tests, agreement and patients once TEST is open for both', async () => {
    for (const run of runs) await open(run);
    const report = await write();
    const text = JSON.stringify(report.blocks);
    for (const wanted of ['Tests by patient', 'WRONG here', 'Agreement', 'differ most', 'Each run on TEST']) {
      expect(text).toContain(wanted);
    }
    const { artifactHash } = await api.store.database.prisma.runArtifact.findUniqueOrThrow({
      where: { runId_role: { runId: runs[0].id, role: 'PREDICTIONS_TEST' } },
    });
    expect(text).toContain(artifactHash);
    expect(report.title).toBe(`${runs[0].name} against ${runs[1].name}`);
  });

  it('has each run on each site, the runs of one site below one another', async () => {
    const { blocks } = await write();
    const at = blocks.findIndex(
      (block) => block.kind === 'subheading' && block.text === 'Site by site (TEST)',
    );
    const table = blocks[at + 1];
    if (table?.kind !== 'table') throw new Error('The sites are a table.');
    expect(table.columns.slice(0, 4).map(({ header }) => header)).toEqual([
      'Site',
      'Run',
      'Patients',
      'Patches',
    ]);
    const { test } = await askSites(runs[0]);
    expect(test.map(({ site }) => site)).toEqual(['centre 1', 'centre 2']);
    const rows = table.rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.text)));
    expect(rows.map(([site, run]) => [site, run])).toEqual(
      test.flatMap(({ site }) => runs.map(({ name }) => [site, name])),
    );
    // Both runs have one name.
    const own = rows.filter((_row, at) => at % runs.length === 0);
    expect(own.map(([, , patients, patches]) => [patients, patches].map(Number))).toEqual(
      test.map(({ patients, patches }) => [patients, patches]),
    );
    const auc = table.columns.findIndex(({ header }) => header.includes('AUC'));
    expect(own.map((row) => Number(row[auc]))).toEqual(
      test.map(({ metrics }) => expect.closeTo(metrics.auc, 3)),
    );
    const paper = await readPdfText(
      await api.get(`/comparison.pdf?runs=${runs.map(({ id }) => id).join(',')}`),
    );
    for (const row of rows) expect(paper).toContain(row.join(' ').replaceAll('\n', ' '));
  });

  it('is downloaded as the same PDF each time, and not sent again to a client that has it', async () => {
    const path = `/comparison.pdf?runs=${runs.map(({ id }) => id).join(',')}`;
    const first = await api.get(path);
    expect(first.headers.get('content-type')).toBe('application/pdf');
    expect(first.headers.get('content-disposition')).toContain('comparison.pdf');
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const again = await api.get(path);
    expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(true);
    const known = await api.get(path, {
      'if-none-match': first.headers.get('etag')!,
      // What fetch adds by itself would ask for the whole again.
      'cache-control': 'max-age=0',
    });
    expect(known.status).toBe(304);
  });

  it('asks for its runs in a sentence', async () => {
    const response = await api.get('/comparison.pdf');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Name the runs');
  });
});

type Sites = { site: string; patients: number; patches: number; metrics: { auc: number } }[];

async function askSites({ id }: Run): Promise<{ test: Sites }> {
  const { run } = await api.ask<{ run: { evaluations: { subset: string; sites: Sites }[] } }>(
    'query ($id: ID!) { run(id: $id) { evaluations { subset sites { site patients patches metrics } } } }',
    { id },
  );
  return { test: run.evaluations.find(({ subset }) => subset === 'TEST')!.sites };
}

describe('a comparison of three runs', () => {
  it('reads on paper as on the page, also where Holm over the pairs takes back what holds within one', async () => {
    const compared = await finishThree();
    for (const run of compared) await open(run);
    const pairs = await ask(compared);
    const auc = pairs.map(({ metrics }) => metrics.find(({ name }) => name === 'auc')!);
    // Over the metrics of its pair the first difference holds, over the three pairs it does not.
    expect(auc[0]!.adjustedP).toBeLessThan(0.05);
    expect(auc[0]!.acrossPairsP).toBeGreaterThanOrEqual(0.05);
    expect(auc[0]!.verdict).toMatchObject({ kind: 'NOT_AFTER_HOLM', leader: { id: compared[0].id } });
    expect(auc[0]!.verdict.text).toBe(`${compared[0].name} leads, but not after Holm`);
    const { blocks } = await write(compared);
    const readings = blocks.flatMap((block) =>
      block.kind === 'paragraph' ? (/Reading: (.*)\.$/.exec(block.text)?.[1] ?? []) : [],
    );
    expect(readings).toEqual(auc.map(({ verdict }) => verdict.text));
  });
});

/** A steady run; one that ranks a little worse and calls everything, so that hardly a metric is in doubt; a second steady one. */
async function finishThree(): Promise<[Run, Run, Run]> {
  const wide = await createBench(api.store, {
    patients: 40,
    fractions: { train: 0.2, validation: 0.2, test: 0.6 },
  });
  return [
    await finishRun(api.store, wide, { skill: 1.6, seed: 8 }),
    await finishRun(api.store, wide, {
      seed: 500,
      score: (label, random) => {
        const draw = random.next();
        if (label === 1) return 0.75;
        return (draw < 0.21 ? 0.9 : 0.6) + 0.1 * random.next();
      },
    }),
    await finishRun(api.store, wide, { skill: 1.6, seed: 2000 }),
  ];
}

type Metric = {
  name: string;
  adjustedP: number;
  acrossPairsP: number;
  verdict: { kind: string; leader: { id: string } | null; text: string };
};

async function ask(compared: readonly Run[]) {
  const { compareRuns } = await api.ask<{ compareRuns: { pairs: { metrics: Metric[] }[] } }>(
    `query ($runIds: [ID!]!) { compareRuns(runIds: $runIds) {
      pairs { metrics { name adjustedP acrossPairsP verdict { kind leader { id } text } } } } }`,
    { runIds: compared.map(({ id }) => id) },
  );
  return compareRuns.pairs;
}
