/** What a prediction says: a CSV row a file or square, figures where the source tells labels, and the area that is called on a slide. */
import type { ContextStep } from '@microtome/domain/context/context-step';
import { countNoun } from '@microtome/domain/count-noun';
import { formatCsvText } from '@microtome/domain/csv-cell';
import { type EvaluationMetrics, evaluate } from '@microtome/domain/evaluation/evaluation';
import { listMainMetrics, titleShortly } from '@microtome/domain/metrics/metric';
import { measureArea, type TileScale } from '@microtome/domain/slide-analysis/analysis-grid';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { countUnits } from '@microtome/domain/unit/unit-words';
import type { ReadPrediction } from './file-context.ts';
import type { FilePrediction } from './predict-patches.ts';

const MAIN_METRICS = listMainMetrics(5);

export const CSV_HEADER = 'file,patient,x,y,label,probability,class,slide,site,contextProbability';

/** The decimals parse back to the same double. Cells that the source does not tell are empty. */
export function formatCsvRow({
  file: { told },
  path,
  probability,
  contextProbability,
}: ReadPrediction): string {
  const [patient, className, slide, site] = [told?.unitKey, told?.className, told?.slideKey, told?.site].map(
    (text) => formatCsvText(text ?? ''),
  );
  const cells = [formatCsvText(path), patient, told?.x, told?.y, told?.label, probability, className, slide];
  return [...cells, site, contextProbability].map((cell) => cell ?? '').join(',');
}

type Reported = { threshold: number; step: ContextStep | null; positiveClass: string; unit: SplittingUnit };

/** A few lines for people; null when no file is labelled. */
export function describeFigures(predictions: readonly ReadPrediction[], reported: Reported): string | null {
  const labelled = predictions.filter(({ file }) => (file.told?.label ?? null) !== null);
  if (labelled.length === 0) return null;
  const { threshold, positiveClass, unit } = reported;
  const metrics = measure(labelled, threshold);
  const { tp, fp, tn, fn } = metrics.confusion;
  return [
    `${countNoun(labelled.length, 'labelled patch')} of ${countUnits(unit, metrics.patients)}; positive class ${positiveClass}, threshold ${formatFigure(threshold)}`,
    listFigures(metrics),
    `TP ${tp}  FP ${fp}  TN ${tn}  FN ${fn}`,
    ...describeContext(labelled, reported.step),
    ...describeSites(labelled, reported),
  ].join('\n');
}

type ReportedArea = Omit<Reported, 'unit'> & { scale: TileScale };

/** Of the squares of one slide; in context too where the step looks at neighbours. */
export function describeArea(
  squares: readonly ReadPrediction[],
  { threshold, step, positiveClass, scale }: ReportedArea,
): string {
  const formatArea = (called: number) =>
    `${called} of ${squares.length} squares are called ${positiveClass}: ${measureArea(called, scale).toFixed(3)} mm²`;
  const own = formatArea(squares.filter(({ probability }) => probability >= threshold).length);
  const inContext = squares.flatMap(({ contextProbability }) => contextProbability ?? []);
  // Of one slide all squares have a context, or none.
  if (!step || step.radius === 0 || inContext.length === 0) return own;
  const called = inContext.filter((probability) => probability >= step.threshold).length;
  return `${own}; with neighbours ${formatArea(called)}`;
}

/** The labelled patches that have a context, at the threshold of their own. */
function describeContext(labelled: readonly ReadPrediction[], step: ContextStep | null): string[] {
  const inContext = labelled.flatMap(({ contextProbability, ...prediction }) =>
    contextProbability === null ? [] : [{ ...prediction, probability: contextProbability }],
  );
  if (!step || inContext.length === 0) return [];
  const figures = listFigures(measure(inContext, step.threshold));
  return [
    `with neighbours (${countNoun(inContext.length, 'patch')}, threshold ${formatFigure(step.threshold)}): ${figures}`,
  ];
}

/** A mean over all sites may hide one on which the model does badly. */
function describeSites(labelled: readonly FilePrediction[], { threshold, unit }: Reported): string[] {
  const bySite = Map.groupBy(labelled, ({ file }) => file.told?.site ?? null);
  if (bySite.size < 2) return [];
  const sites = [...bySite].sort(([left], [right]) => ((left ?? '') < (right ?? '') ? -1 : 1));
  return sites.map(([site, own]) => {
    const metrics = measure(own, threshold);
    const name = site === null ? 'no site told' : `site ${site}`;
    const size = `${countUnits(unit, metrics.patients)}, ${countNoun(own.length, 'patch')}`;
    return `  ${name} (${size}): ${listFigures(metrics)}`;
  });
}

function listFigures(metrics: EvaluationMetrics): string {
  return MAIN_METRICS.map((name) => `${titleShortly(name)} ${formatFigure(metrics[name])}`).join('  ');
}

function measure(labelled: readonly FilePrediction[], threshold: number): EvaluationMetrics {
  const numbers = new Map<string, number>();
  const numberOf = (key: string) => numbers.get(key) ?? numbers.set(key, numbers.size).size - 1;
  const scored = {
    probabilities: Float64Array.from(labelled, ({ probability }) => probability),
    labels: Uint8Array.from(labelled, ({ file }) => file.told?.label ?? 0),
    patients: Int32Array.from(labelled, ({ file }) => numberOf(file.told?.unitKey ?? '')),
  };
  return evaluate({ scored, threshold });
}

function formatFigure(value: number | null): string {
  return value === null ? 'undefined (one class only)' : value.toFixed(4);
}
