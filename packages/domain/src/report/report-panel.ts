/**
 * What can stand in a report beside its text: the one list of panels, with the lines that each takes. The parser, the menu that
 * inserts them and the page that explains them read it here. Pure.
 */
import type { RunField } from '../run-query/run-field.ts';
import type { RunFilter, RunSortKey } from '../run-query/run-filter.ts';

export const REPORT_PANEL_KINDS = ['CHART', 'TABLE', 'COMPARISON'] as const;

export type ReportPanelKind = (typeof REPORT_PANEL_KINDS)[number];

/** What follows the fence of its block. */
export const PANEL_WORDS = {
  CHART: 'chart',
  TABLE: 'table',
  COMPARISON: 'comparison',
} as const satisfies Record<ReportPanelKind, string>;

/** More curves than these cannot be told apart in one picture. */
const CHART_RUNS_MAX = 16;
export const CHART_METRICS_MAX = 12;
const TABLE_ROWS_MAX = 100;
export const TABLE_COLUMNS_MAX = 20;
/** Each pair of them is tested. */
const COMPARISON_RUNS_MAX = 8;

/** A column of a table, by the text that names it. */
export type NamedField = { text: string; field: RunField };

type AnyPanel = {
  /** Null where its block gives none. */
  title: string | null;
  /** Null: all runs. */
  runs: RunFilter | null;
};

export type ChartPanel = AnyPanel & {
  kind: 'CHART';
  metrics: string[];
  isLog: boolean;
  sort: RunSortKey[];
  limit: number;
};
export type TablePanel = AnyPanel & {
  kind: 'TABLE';
  columns: NamedField[];
  sort: RunSortKey[];
  limit: number;
};
export type ComparisonPanel = AnyPanel & {
  kind: 'COMPARISON';
  sort: RunSortKey[];
  /** A run's name or id, which is among those that are compared. */
  reference: string | null;
  sharedPatientsOnly: boolean;
  limit: number;
};
export type ReportPanel = ChartPanel | TablePanel | ComparisonPanel;

export type PanelKey =
  | 'title'
  | 'runs'
  | 'metrics'
  | 'scale'
  | 'columns'
  | 'sort'
  | 'reference'
  | 'shared'
  | 'limit';

/** A line of a panel, `key: value`. */
type PanelLine = { key: PanelKey; about: string; isRequired?: boolean };
type PanelMeaning = { about: string; lines: readonly PanelLine[]; example: string };

const TITLE: PanelLine = { key: 'title', about: 'What stands above it.' };
const RUNS: PanelLine = {
  key: 'runs',
  about: 'Which runs, as the filter line of the run table; all when left out.',
};
const SORT: PanelLine = {
  key: 'sort',
  about: 'Their order, as in "validation.auc desc, created"; the newest first when left out.',
};
const limitOf = (most: number, first: number): PanelLine => ({
  key: 'limit',
  about: `How many of them at most, 1 to ${most}; ${first} when left out.`,
});

/** When nothing is said. */
export const FIRST_LIMITS: Record<ReportPanelKind, number> = { CHART: 8, TABLE: 20, COMPARISON: 2 };
export const MOST_RUNS: Record<ReportPanelKind, number> = {
  CHART: CHART_RUNS_MAX,
  TABLE: TABLE_ROWS_MAX,
  COMPARISON: COMPARISON_RUNS_MAX,
};

export const PANEL_MEANINGS: Record<ReportPanelKind, PanelMeaning> = {
  CHART: {
    about: 'Curves of runs over one another, a chart for each metric.',
    lines: [
      TITLE,
      RUNS,
      {
        key: 'metrics',
        about: `Names of series, such as validation.auc, separated by commas; at most ${CHART_METRICS_MAX}.`,
        isRequired: true,
      },
      { key: 'scale', about: 'log or linear; linear when left out.' },
      SORT,
      limitOf(CHART_RUNS_MAX, FIRST_LIMITS.CHART),
    ],
    example: ['runs: status = SUCCEEDED', 'metrics: validation.auc, train.loss', 'limit: 8'].join('\n'),
  },
  TABLE: {
    about: 'Runs with what is chosen of them, one row a run.',
    lines: [
      TITLE,
      RUNS,
      {
        key: 'columns',
        about: `Fields as the filter line names them, separated by commas; at most ${TABLE_COLUMNS_MAX}.`,
        isRequired: true,
      },
      SORT,
      limitOf(TABLE_ROWS_MAX, FIRST_LIMITS.TABLE),
    ],
    example: [
      'runs: status = SUCCEEDED',
      'columns: architecture, learningRate, validation.auc, low(validation.auc), high(validation.auc)',
      'sort: validation.auc desc',
      'limit: 20',
    ].join('\n'),
  },
  COMPARISON: {
    about: 'The verdict on runs whose TEST is open, pair by pair, with intervals by patient.',
    lines: [
      TITLE,
      RUNS,
      SORT,
      { key: 'reference', about: 'The run that all others are tested against, by its name or id.' },
      { key: 'shared', about: 'yes: pairs runs whose TEST patients differ on those that both have.' },
      limitOf(COMPARISON_RUNS_MAX, FIRST_LIMITS.COMPARISON),
    ],
    example: ['runs: testOpened', 'sort: validation.auc desc', 'limit: 2'].join('\n'),
  },
};

/** The block as it is inserted into a text. */
export function writePanelBlock(kind: ReportPanelKind): string {
  return [`\`\`\`${PANEL_WORDS[kind]}`, PANEL_MEANINGS[kind].example, '```'].join('\n');
}
