/** What a report shows between its texts, live or as it was frozen: one shape for both, so that a page draws them alike. */
import type {
  ChartData,
  ComparedMetric,
  ComparisonData,
  PanelData,
  TableData,
} from '@microtome/domain/report/panel-data';
import { parseReport, type ReportBlock } from '@microtome/domain/report/parse-report';
import {
  PANEL_MEANINGS,
  PANEL_WORDS,
  REPORT_PANEL_KINDS,
  type ReportPanelKind,
  writePanelBlock,
} from '@microtome/domain/report/report-panel';
import { gatherPanel } from '@microtome/store/report/gather-panels';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';

/** A block with what its panel shows; null of a text. */
type ShownBlock = { block: ReportBlock; data: PanelData | null };

const ReportPanelKindEnum = builder.enumType('ReportPanelKind', {
  description: 'What kind of panel it is.',
  values: Object.fromEntries(
    REPORT_PANEL_KINDS.map((kind) => [kind, { description: PANEL_MEANINGS[kind].about }]),
  ) as Record<ReportPanelKind, { description: string }>,
});

const ReportIssueRef = builder
  .objectRef<Extract<ReportBlock, { kind: 'ISSUE' }>['issue']>('ReportIssue')
  .implement({
    description: 'What is wrong with the block of a panel.',
    fields: (t) => ({
      line: t.exposeInt('line', { description: 'Line of the whole text, from 1.' }),
      column: t.exposeInt('column', { description: 'Column of that line, from 1.' }),
      sentence: t.exposeString('sentence', { description: 'What is wrong.' }),
    }),
  });

const ReportSeriesRef = builder.objectRef<ChartData['series'][number]>('ReportSeries').implement({
  description: 'A curve of a chart. Its points stand in three lists of equal length.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run, which may be deleted since.' }),
    run: t.exposeString('run', { description: 'Name of the run.' }),
    name: t.exposeString('name', { description: 'Name of the series.' }),
    pointCount: t.exposeInt('pointCount', { description: 'How many numbers the whole series has.' }),
    epochs: t.intList({
      description: 'The epoch of each point; 0 where its program counts steps alone.',
      resolve: ({ points }) => points.map(({ epoch }) => epoch),
    }),
    steps: t.intList({
      description: 'The step of each point.',
      resolve: ({ points }) => points.map(({ step }) => step),
    }),
    values: t.floatList({
      nullable: { list: false, items: true },
      description: 'The value of each point; null for what is no number.',
      resolve: ({ points }) => points.map(({ value }) => value),
    }),
  }),
});

const ReportChartRef = builder.objectRef<ChartData & { isLog: boolean }>('ReportChart').implement({
  description: 'Curves of runs over one another.',
  fields: (t) => ({
    isLog: t.exposeBoolean('isLog', { description: 'Whether the axis is logarithmic.' }),
    series: t.field({
      type: [ReportSeriesRef],
      description: 'The curves, metric by metric in the order asked for.',
      resolve: ({ series }) => series,
    }),
    runCount: t.exposeInt('runCount', { description: 'How many runs match, of which the first are shown.' }),
  }),
});

const ReportColumnRef = builder.objectRef<TableData['columns'][number]>('ReportColumn').implement({
  description: 'A column of a table.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The field as the report names it.' }),
    isNumber: t.exposeBoolean('isNumber', { description: 'Whether its values are numbers.' }),
    isMeasured: t.exposeBoolean('isMeasured', {
      description: 'Whether they were measured: figures and numbers of series, not settings.',
    }),
    isDuration: t.exposeBoolean('isDuration', { description: 'Whether they are seconds.' }),
    isTime: t.exposeBoolean('isTime', { description: 'Whether they are moments, as ISO 8601 text.' }),
  }),
});

const ReportRowRef = builder.objectRef<TableData['rows'][number]>('ReportRow').implement({
  description: 'A run in a table.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run, which may be deleted since.' }),
    run: t.exposeString('run', { description: 'Name of the run.' }),
    cells: t.field({
      type: ['JSON'],
      nullable: { list: false, items: true },
      description: 'The value of each column; null where the run has none.',
      resolve: ({ cells }) => cells,
    }),
  }),
});

const ReportTableRef = builder.objectRef<TableData>('ReportTable').implement({
  description: 'Runs with what was chosen of them.',
  fields: (t) => ({
    columns: t.field({
      type: [ReportColumnRef],
      description: 'The columns next to the name of the run.',
      resolve: ({ columns }) => columns,
    }),
    rows: t.field({ type: [ReportRowRef], description: 'The runs.', resolve: ({ rows }) => rows }),
    runCount: t.exposeInt('runCount', { description: 'How many runs match, of which the first are shown.' }),
  }),
});

const ReportMetricRef = builder.objectRef<ComparedMetric>('ReportMetric').implement({
  description: 'One metric of a pair, on the same TEST patches.',
  fields: (t) => ({
    name: t.exposeString('metric', { description: 'Name of the metric.' }),
    a: t.exposeFloat('a', { nullable: true, description: 'Its value in the first run.' }),
    b: t.exposeFloat('b', { nullable: true, description: 'Its value in the second run.' }),
    difference: t.exposeFloat('difference', { nullable: true, description: 'a − b.' }),
    low: t.exposeFloat('low', { nullable: true, description: 'Lower end of its 95 % interval by patient.' }),
    high: t.exposeFloat('high', {
      nullable: true,
      description: 'Upper end of its 95 % interval by patient.',
    }),
    verdict: t.exposeString('verdict', { description: 'What it allows one to say, in words.' }),
  }),
});

const ReportPairRef = builder.objectRef<ComparisonData['pairs'][number]>('ReportPair').implement({
  description: 'Two runs on the same opened TEST patients.',
  fields: (t) => ({
    a: t.exposeString('a', { description: 'Name of the first run.' }),
    b: t.exposeString('b', { description: 'Name of the second run.' }),
    patients: t.exposeInt('patients', { description: 'Patients that are paired.' }),
    patches: t.exposeInt('patches', { description: 'Patches that both predicted.' }),
    caution: t.exposeString('caution', {
      nullable: true,
      description: 'Why its intervals need caution; null where they do not.',
    }),
    refused: t.exposeString('refused', {
      nullable: true,
      description: 'Why the two are not compared; null where they are.',
    }),
    metrics: t.field({
      type: [ReportMetricRef],
      description: 'The metrics; empty when refused.',
      resolve: ({ metrics }) => metrics,
    }),
  }),
});

const ReportComparisonRef = builder.objectRef<ComparisonData>('ReportComparison').implement({
  description: 'Runs compared on their opened TEST.',
  fields: (t) => ({
    verdict: t.exposeString('verdict', { description: 'What was found, in one sentence.' }),
    warnings: t.exposeStringList('warnings', { description: 'What to keep in mind, as sentences.' }),
    pairs: t.field({
      type: [ReportPairRef],
      description: 'The pairs that were tested, or why they were not.',
      resolve: ({ pairs }) => pairs,
    }),
    runCount: t.exposeInt('runCount', {
      description: 'How many runs match, of which the first are compared.',
    }),
  }),
});

export const ReportBlockRef = builder.objectRef<ShownBlock>('ReportBlock').implement({
  description: 'A part of a report: a text, or a panel.',
  fields: (t) => ({
    line: t.int({ description: 'Its first line, from 1.', resolve: ({ block }) => block.line }),
    text: t.string({
      nullable: true,
      description: 'Markdown; null of a panel.',
      resolve: ({ block }) => (block.kind === 'TEXT' ? block.text : null),
    }),
    panelKind: t.field({
      type: ReportPanelKindEnum,
      nullable: true,
      description: 'What kind of panel it is; null of a text.',
      resolve: ({ block }) =>
        block.kind === 'PANEL' ? block.panel.kind : block.kind === 'ISSUE' ? block.panelKind : null,
    }),
    title: t.string({
      nullable: true,
      description: 'What stands above the panel; null where nothing was given.',
      resolve: ({ block }) => (block.kind === 'PANEL' ? block.panel.title : null),
    }),
    issue: t.field({
      type: ReportIssueRef,
      nullable: true,
      description: 'What is wrong with its block; null where nothing is.',
      resolve: ({ block }) => (block.kind === 'ISSUE' ? block.issue : null),
    }),
    problem: t.string({
      nullable: true,
      description: 'Why it has nothing to show, as a sentence; null where it has.',
      resolve: ({ data }) => (data?.kind === 'PROBLEM' ? data.sentence : null),
    }),
    chart: t.field({
      type: ReportChartRef,
      nullable: true,
      description: 'What a chart shows.',
      resolve: ({ block, data }) =>
        data?.kind === 'CHART'
          ? { ...data, isLog: block.kind === 'PANEL' && block.panel.kind === 'CHART' && block.panel.isLog }
          : null,
    }),
    table: t.field({
      type: ReportTableRef,
      nullable: true,
      description: 'What a table shows.',
      resolve: ({ data }) => (data?.kind === 'TABLE' ? data : null),
    }),
    comparison: t.field({
      type: ReportComparisonRef,
      nullable: true,
      description: 'What a comparison shows.',
      resolve: ({ data }) => (data?.kind === 'COMPARISON' ? data : null),
    }),
  }),
});

type ShownReport = { body: string; projectId: string; frozen: readonly PanelData[] | null };

/** As they are now, or as they were frozen. */
export async function showBlocks(
  { store, pairs }: Pick<ApiContext, 'store' | 'pairs'>,
  { body, projectId, frozen }: ShownReport,
): Promise<ShownBlock[]> {
  const shown: ShownBlock[] = [];
  let at = 0;
  for (const block of parseReport(body)) {
    if (block.kind === 'TEXT') {
      shown.push({ block, data: null });
      continue;
    }
    const kept = frozen?.[at] ?? null;
    at += 1;
    const isRead = frozen === null && block.kind === 'PANEL';
    const data = isRead ? await gatherPanel(store, { projectId, pairs, panel: block.panel }) : kept;
    shown.push({ block, data });
  }
  return shown;
}

const ReportPanelLineRef = builder
  .objectRef<(typeof PANEL_MEANINGS)[ReportPanelKind]['lines'][number]>('ReportPanelLine')
  .implement({
    description: 'A line that the block of a panel may have, as `key: value`.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The word before the colon.' }),
      about: t.exposeString('about', { description: 'What it says.' }),
      isRequired: t.boolean({
        description: 'Whether there is no panel without it.',
        resolve: ({ isRequired }) => isRequired ?? false,
      }),
    }),
  });

const ReportPanelMeaningRef = builder.objectRef<ReportPanelKind>('ReportPanelMeaning').implement({
  description: 'A kind of panel, and how it is written.',
  fields: (t) => ({
    kind: t.field({ type: ReportPanelKindEnum, description: 'The kind.', resolve: (kind) => kind }),
    word: t.string({
      description: 'The word behind the fence of its block.',
      resolve: (kind) => PANEL_WORDS[kind],
    }),
    about: t.string({ description: 'What it shows.', resolve: (kind) => PANEL_MEANINGS[kind].about }),
    lines: t.field({
      type: [ReportPanelLineRef],
      description: 'The lines that it takes.',
      resolve: (kind) => PANEL_MEANINGS[kind].lines,
    }),
    block: t.string({
      description: 'A whole block to begin with.',
      resolve: (kind) => writePanelBlock(kind),
    }),
  }),
});

builder.queryField('reportPanels', (t) =>
  t.field({
    type: [ReportPanelMeaningRef],
    description: 'The kinds of panels that a report can hold, and how they are written.',
    resolve: () => REPORT_PANEL_KINDS,
  }),
);
