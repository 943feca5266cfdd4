/**
 * How the charts of an experiment's runs are arranged, for all who look at them: which panels come first, which are hidden or
 * logarithmic, which a member has added by names or an expression, and which sections are folded. What it does not
 * mention stands where it stands by itself. Pure.
 */
import { AppError } from '../app-error.ts';
import { checkText } from '../text-rules.ts';
import { checkMetricPattern } from './metric-pattern.ts';

/** `OWN`: panels that members have added. The rest are of the catalogue's kinds. */
export const CHART_SECTIONS = ['OWN', 'MAIN', 'FURTHER', 'MACHINE'] as const;

export type ChartSection = (typeof CHART_SECTIONS)[number];

export type ChartPanel = {
  /** A metric without its subset, or the key of a panel that was added. */
  key: string;
  /** Of an added panel; null for a metric's own. */
  title: string | null;
  /** The series that an added panel shows, by their whole names. */
  names: string[];
  /** An expression that the names of its series match, in place of names. */
  pattern: string | null;
  isLog: boolean;
  isHidden: boolean;
};

export type ChartLayout = { panels: ChartPanel[]; folded: ChartSection[] };

/** Where nothing was arranged: what is not a main figure is folded. */
export const FIRST_CHART_LAYOUT: ChartLayout = { panels: [], folded: ['FURTHER', 'MACHINE'] };

export const CHART_PANELS_MAX = 1_000;
export const PANEL_NAMES_MAX = 50;

/** @throws AppError BAD_INPUT, which names the panel */
export function checkChartLayout({ panels, folded }: ChartLayout): ChartLayout {
  if (panels.length > CHART_PANELS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${panels.length} panels: at most ${CHART_PANELS_MAX} fit.`);
  }
  const checked = panels.map(checkPanel);
  const twice = checked.find(({ key }, at) => checked.findIndex((other) => other.key === key) < at);
  if (twice) throw new AppError('BAD_INPUT', `Panel '${twice.key}' stands there twice.`);
  return { panels: checked, folded: CHART_SECTIONS.filter((section) => folded.includes(section)) };
}

function checkPanel(panel: ChartPanel): ChartPanel {
  const key = checkText(panel.key, 'metricName');
  const isAdded = panel.names.length > 0 || panel.pattern !== null;
  if (isAdded !== (panel.title !== null)) {
    throw new AppError(
      'BAD_INPUT',
      `Panel '${key}' is ${isAdded ? 'added and has no title' : "a metric's own and has a title"}: an added panel has a title and names or an expression, another has neither.`,
    );
  }
  if (panel.names.length > 0 && panel.pattern !== null) {
    throw new AppError('BAD_INPUT', `Panel '${key}' has both names and an expression: it takes one of them.`);
  }
  if (panel.names.length > PANEL_NAMES_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `Panel '${key}' has ${panel.names.length} names: at most ${PANEL_NAMES_MAX} fit.`,
    );
  }
  return {
    key,
    title: panel.title === null ? null : checkText(panel.title, 'panelTitle'),
    names: panel.names.map((name) => checkText(name, 'metricName')),
    pattern: panel.pattern === null ? null : checkMetricPattern(panel.pattern),
    isLog: panel.isLog,
    isHidden: panel.isHidden,
  };
}
