/**
 * The charts of one run or of several over one another, in their sections and in the order that was arranged: a panel a
 * metric, and those that were added by names or by an expression. Pure.
 */
import type { ChartSection } from '../../graphql/generated/graphql.ts';
import { nameSubset } from '../../metrics/metric-catalogue.ts';
import {
  arrangeCurvePanels,
  type CurveNaming,
  type CurvePanel,
  type MetricCurve,
} from '../curves/curve-panels.ts';
import {
  type BandPoint,
  type CurveLine,
  type CurveTone,
  type PlottedCurve,
  placeOf,
} from '../curves/plotted-curve.ts';
import type { LaidPanel, Layout } from './layout-edits.ts';

/** One run, or several of one setting as one. */
export type CurveSource = {
  id: string;
  /** Where several are shown; each has its own name. */
  run: { name: string; tone: number; bestEpoch?: number | null } | null;
  curves: readonly (MetricCurve & { band?: readonly BandPoint[]; isThinned?: boolean })[];
};

export type PlottedPanel = Omit<CurvePanel, 'curves'> & {
  section: ChartSection;
  curves: PlottedCurve[];
  isLog: boolean;
  isHidden: boolean;
  /** How it was added; null for a metric's own. */
  added: LaidPanel | null;
};

export type PanelSection = { section: ChartSection; panels: PlottedPanel[] };

type PlotRequest = {
  sources: readonly CurveSource[];
  naming: CurveNaming;
  layout: Layout;
  /** Of several runs also TRAIN, dashed. */
  withTraining: boolean;
  /** A metric that stands among the main ones, whatever it is. */
  promoted?: string | null;
};

const SECTIONS = ['OWN', 'MAIN', 'FURTHER', 'MACHINE'] as const satisfies readonly `${ChartSection}`[];
const SECTION_OF = { main: 'MAIN', further: 'FURTHER', machine: 'MACHINE' } as const;

export function plotPanels(request: PlotRequest): PanelSection[] {
  const { sources, naming, layout, promoted } = request;
  const names = listNames(sources);
  const own = arrangeCurvePanels(
    names.map((name) => ({ name, points: [] })),
    naming,
  ).flatMap((panel): PlottedPanel[] => {
    const section = panel.key === promoted ? 'MAIN' : SECTION_OF[panel.kind];
    const curves = plotCurves(request, { names: panel.curves.map(({ name }) => name), isAdded: false });
    const laid = layout.panels.find(({ key, title }) => key === panel.key && title == null);
    if (curves.length === 0) return [];
    const { isLog = false, isHidden = false } = laid ?? {};
    return [{ ...panel, section: section as ChartSection, curves, isLog, isHidden, added: null }];
  });
  const added = layout.panels
    .filter(({ title }) => title != null)
    .map((laid) => plotAdded(request, { laid, names }));
  const ranks = new Map(layout.panels.map(({ key }, rank) => [key, rank]));
  const rank = ({ key }: PlottedPanel) => ranks.get(key) ?? ranks.size;
  const all = [...added, ...own].sort((a, b) => rank(a) - rank(b));
  return SECTIONS.flatMap((section) => {
    const panels = all.filter((panel) => panel.section === section);
    return panels.length > 0 ? [{ section: section as ChartSection, panels }] : [];
  });
}

export function listNames(sources: readonly CurveSource[]): string[] {
  return [...new Set(sources.flatMap(({ curves }) => curves.map(({ name }) => name)))].sort();
}

/** The names that an added panel shows. */
export function matchNames(
  { names, pattern }: Pick<LaidPanel, 'names' | 'pattern'>,
  all: readonly string[],
): string[] {
  if (pattern == null) return all.filter((name) => names.includes(name));
  try {
    const expression = new RegExp(pattern, 'u');
    return all.filter((name) => expression.test(name));
  } catch {
    return [];
  }
}

/** More than these cannot be told apart in one picture. */
const CURVES_MAX = 60;

function plotAdded(
  request: PlotRequest,
  { laid, names }: { laid: LaidPanel; names: readonly string[] },
): PlottedPanel {
  const matched = matchNames(laid, names);
  const [only, ...more] = arrangeCurvePanels(
    matched.map((name) => ({ name, points: [] })),
    request.naming,
  );
  return {
    key: laid.key,
    title: laid.title ?? laid.key,
    kind: more.length === 0 ? (only?.kind ?? 'main') : 'main',
    unit: more.length === 0 ? (only?.unit ?? null) : null,
    section: 'OWN' as ChartSection,
    curves: plotCurves(request, { names: matched, isAdded: true }).slice(0, CURVES_MAX),
    isLog: laid.isLog,
    isHidden: laid.isHidden,
    added: laid,
  };
}

type Plotting = { names: readonly string[]; isAdded: boolean };

function plotCurves({ sources, withTraining }: PlotRequest, { names, isAdded }: Plotting): PlottedCurve[] {
  const curves = sources.flatMap(({ id, run, curves }) =>
    names.flatMap((name): PlottedCurve[] => {
      const curve = curves.find((one) => one.name === name);
      if (!curve || curve.points.length === 0) return [];
      const isTraining = name.startsWith('train.');
      if (run && isTraining && !isAdded && !withTraining) return [];
      const { points, band, isThinned } = curve;
      const series = { runId: id, name, isThinned: isThinned ?? false };
      if (!run)
        return [
          { name: isAdded ? name : (nameSubset(name) ?? name), tone: chooseTone(name), points, band, series },
        ];
      const best = points.find(({ epoch }) => epoch === run.bestEpoch);
      const suffix = isAdded ? (names.length > 1 ? ` · ${name}` : '') : isTraining ? ', TRAIN' : '';
      return [
        {
          name: `${run.name}${suffix}`,
          group: run.name,
          tone: run.tone,
          line: chooseLine(name, { names, isAdded }),
          points,
          band,
          series,
          bestPlace: best && !isTraining ? placeOf(best) : null,
        },
      ];
    }),
  );
  const tones = new Set(curves.map(({ tone }) => tone));
  // Curves of one run that are all of the same kind are told apart by the colours of runs.
  return isAdded && tones.size < curves.length && curves.every(({ group }) => group === undefined)
    ? curves.map((curve, tone) => ({ ...curve, tone }))
    : curves;
}

const LINES: readonly CurveLine[] = ['solid', 'dashed', 'dotted'];

/** Where colours tell runs apart, lines tell series apart: TRAIN is dashed, and of an added chart each has its own. */
function chooseLine(name: string, { names, isAdded }: Plotting): CurveLine {
  const isTraining = (one: string) => one.startsWith('train.');
  if (!isAdded) return isTraining(name) ? 'dashed' : 'solid';
  const order = [...names.filter((one) => !isTraining(one)), ...names.filter(isTraining)];
  return LINES[order.indexOf(name) % LINES.length] ?? 'solid';
}

function chooseTone(name: string): CurveTone {
  if (name.startsWith('train.')) return 'TRAIN';
  return name.startsWith('validation.') ? 'VALIDATION' : 'accent';
}
