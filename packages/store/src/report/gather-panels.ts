/**
 * What the panels of a report show, read from what is stored: of the report's own project alone, whoever asks, so that what is
 * kept when it is frozen may be shown to all who read the report. A sealed TEST stays sealed: it is read by the same functions
 * as everywhere.
 */
import { AppError } from '@microtome/domain/app-error';
import { describeComparison } from '@microtome/domain/comparison/describe-comparison';
import type { PairedComparison } from '@microtome/domain/comparison/paired-comparison';
import type {
  ChartData,
  ComparisonData,
  FrozenPanels,
  PanelData,
  TableCell,
  TableData,
} from '@microtome/domain/report/panel-data';
import { parseReport } from '@microtome/domain/report/parse-report';
import type {
  ChartPanel,
  ComparisonPanel,
  ReportPanel,
  TablePanel,
} from '@microtome/domain/report/report-panel';
import { isNumberField, typeOfField } from '@microtome/domain/run-query/run-field';
import { compareRuns } from '../comparison/compare-runs.ts';
import type { PairMeans } from '../comparison/measure-pair.ts';
import { findChampions } from '../model/find-champions.ts';
import { listRunValues, nameFigure } from '../run-query/run-figures.ts';
import { listRunPage } from '../run-query/run-pages.ts';
import { listRunSeries } from '../run-query/run-series.ts';
import type { Store } from '../store.ts';

/** As many as a picture shows apart. */
const POINTS_MAX = 240;

type PanelSource = { projectId: string; pairs: PairMeans };

/** One a panel, in their order; what is wrong with one stands in its place. */
export async function gatherPanels(
  store: Store,
  { body, ...source }: PanelSource & { body: string },
): Promise<FrozenPanels> {
  const data: FrozenPanels = [];
  for (const block of parseReport(body)) {
    if (block.kind === 'ISSUE') data.push({ kind: 'PROBLEM', sentence: block.issue.sentence });
    if (block.kind === 'PANEL') data.push(await gatherPanel(store, { ...source, panel: block.panel }));
  }
  return data;
}

/** What cannot be shown says why. */
export async function gatherPanel(
  store: Store,
  request: PanelSource & { panel: ReportPanel },
): Promise<PanelData> {
  try {
    return await readPanelData(store, request);
  } catch (error) {
    if (error instanceof AppError) return { kind: 'PROBLEM', sentence: error.message };
    throw error;
  }
}

function readPanelData(
  store: Store,
  { panel, ...source }: PanelSource & { panel: ReportPanel },
): Promise<PanelData> {
  switch (panel.kind) {
    case 'CHART':
      return readChart(store, { ...source, panel });
    case 'TABLE':
      return readTable(store, { ...source, panel });
    case 'COMPARISON':
      return readComparison(store, { ...source, panel });
  }
}

type Chosen = { runs: { runId: string; run: string }[]; runCount: number };

/** The first that match, by name, and how many there are. */
async function chooseRuns(
  store: Store,
  { panel: { runs: where, sort, limit }, projectId }: { panel: ReportPanel; projectId: string },
): Promise<Chosen> {
  const selection = {
    where: where && (await findChampions(store, where, [projectId])),
    projectIds: [projectId],
  };
  const page = await listRunPage(store, { ...selection, sort, take: limit, withTotal: true });
  const ids = page.places.map(({ runId }) => runId);
  const rows = await store.database.prisma.run.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true },
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return {
    runs: ids.map((runId) => ({ runId, run: names.get(runId) ?? '' })),
    runCount: page.totalCount ?? 0,
  };
}

async function readChart(store: Store, source: PanelSource & { panel: ChartPanel }): Promise<ChartData> {
  const { runs, runCount } = await chooseRuns(store, source);
  const { metrics } = source.panel;
  const read = await listRunSeries(store, {
    runIds: runs.map(({ runId }) => runId),
    names: metrics,
    fromEpoch: 0,
    fromStep: 0,
    points: POINTS_MAX,
  });
  const series = metrics.flatMap((name) =>
    runs.flatMap(({ runId, run }) => {
      // Of one name the worker's own comes first.
      const found = read.find((one) => one.runId === runId && one.name === name);
      if (!found) return [];
      const points = found.points.map(({ epoch, step, value }) => ({
        epoch,
        step,
        value: keepNumber(value),
      }));
      return [{ runId, run, name, pointCount: found.pointCount, points }];
    }),
  );
  return { kind: 'CHART', series, runCount };
}

async function readTable(store: Store, source: PanelSource & { panel: TablePanel }): Promise<TableData> {
  const { runs, runCount } = await chooseRuns(store, source);
  const { columns } = source.panel;
  const fields = columns.map(({ field }) => field);
  const values = await listRunValues(store, { runIds: runs.map(({ runId }) => runId), fields });
  return {
    kind: 'TABLE',
    columns: columns.map(({ text, field }) => ({
      text,
      isNumber: isNumberField(field) && typeOfField(field) !== 'ANY',
      isMeasured: field.kind === 'FIGURE' || field.kind === 'SERIES',
      isDuration: typeOfField(field) === 'DURATION',
      isTime: typeOfField(field) === 'TIME',
    })),
    rows: runs.map(({ runId, run }) => ({
      runId,
      run,
      cells: fields.map((field) => keepCell(values.get(nameFigure({ runId, field })))),
    })),
    runCount,
  };
}

async function readComparison(
  store: Store,
  source: PanelSource & { panel: ComparisonPanel },
): Promise<ComparisonData> {
  const { runs, runCount } = await chooseRuns(store, source);
  const { reference, sharedPatientsOnly } = source.panel;
  const comparison = await compareRuns(
    store,
    {
      runIds: runs.map(({ runId }) => runId),
      referenceId: reference === null ? null : findReference(reference, runs),
      sharedPatientsOnly,
    },
    source.pairs,
  );
  const pairs = await comparison.listPairs();
  return {
    kind: 'COMPARISON',
    verdict: describeComparison(pairs),
    warnings: comparison.warnings,
    runs,
    pairs: pairs.map(describePair),
    runCount,
  };
}

function findReference(reference: string, runs: Chosen['runs']): string {
  const found = runs.filter(({ runId, run }) => runId === reference || run === reference);
  const [one, other] = found;
  if (one && !other) return one.runId;
  const what = one
    ? 'is the name of several of the compared runs: give its id'
    : 'is none of the compared runs';
  throw new AppError('BAD_INPUT', `The reference '${reference}' ${what}.`);
}

function describePair(pair: PairedComparison<{ name: string }>): ComparisonData['pairs'][number] {
  const { a, b, sharedPatients, patches, caution, refused, metrics } = pair;
  return {
    a: a.name,
    b: b.name,
    patients: sharedPatients,
    patches,
    caution,
    refused,
    metrics: metrics.map(({ metric, interval, verdict, ...values }) => ({
      metric,
      a: keepNumber(values.a),
      b: keepNumber(values.b),
      difference: keepNumber(values.difference),
      low: interval?.[0] ?? null,
      high: interval?.[1] ?? null,
      verdict: verdict.text,
    })),
  };
}

function keepNumber(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function keepCell(value: unknown): TableCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
}
