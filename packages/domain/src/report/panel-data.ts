/**
 * What a panel of a report shows: read live each time, or kept when the report is frozen. It names runs and holds numbers, so
 * that it can be drawn when the runs are long gone.
 */

/** A number that is none, as NaN, is null: JSON has no other way. */
type SeriesPoint = { epoch: number; step: number; value: number | null };

export type ChartData = {
  kind: 'CHART';
  series: { runId: string; run: string; name: string; pointCount: number; points: SeriesPoint[] }[];
  /** How many runs match, of which the first are shown. */
  runCount: number;
};

export type TableCell = string | number | boolean | null;

export type TableData = {
  kind: 'TABLE';
  /** `isMeasured`: a figure or a number of a series, and not a setting. */
  columns: { text: string; isNumber: boolean; isMeasured: boolean; isDuration: boolean; isTime: boolean }[];
  rows: { runId: string; run: string; cells: TableCell[] }[];
  runCount: number;
};

export type ComparedMetric = {
  metric: string;
  a: number | null;
  b: number | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  /** In words, as "not told apart". */
  verdict: string;
};

export type ComparisonData = {
  kind: 'COMPARISON';
  verdict: string;
  warnings: string[];
  runs: { runId: string; run: string }[];
  pairs: {
    a: string;
    b: string;
    patients: number;
    patches: number;
    caution: string | null;
    refused: string | null;
    metrics: ComparedMetric[];
  }[];
  runCount: number;
};

/** Why there is nothing to show, as a sentence. */
type PanelProblem = { kind: 'PROBLEM'; sentence: string };

export type PanelData = ChartData | TableData | ComparisonData | PanelProblem;

/** One a panel, in their order in the text. */
export type FrozenPanels = PanelData[];
