/** What a prediction says: a CSV row a file, and figures where the files' names carry labels. */
import { formatCsvText } from '@microtome/domain/csv-cell';
import { evaluate } from '@microtome/domain/evaluation/evaluation';
import { listMainMetrics, type MetricSubject, titleShortly } from '@microtome/domain/metrics/metric';
import { countUnits } from '@microtome/domain/unit/unit-words';
import type { FilePrediction } from './predict-patches.ts';

const MAIN_METRICS = listMainMetrics(5);

export const CSV_HEADER = 'file,patient,x,y,label,probability';

/** The decimals parse back to the same double. Cells that the name does not tell are empty. */
export function formatCsvRow({ file, path, probability }: FilePrediction): string {
  const { patientKey = '', x = '', y = '', label = '' } = file.named ?? {};
  return [formatCsvText(path), formatCsvText(patientKey), x, y, label, probability].join(',');
}

/** A few lines for people; null when no file is labelled. */
export function describeFigures(
  predictions: readonly FilePrediction[],
  { threshold, subject }: { threshold: number; subject: MetricSubject },
): string | null {
  const labelled = predictions.filter(({ file }) => file.named !== null);
  if (labelled.length === 0) return null;
  const patientKeys = new Set(labelled.map(({ file }) => file.named?.patientKey));
  const patientNumbers = new Map([...patientKeys].map((key, number) => [key, number]));
  const scored = {
    probabilities: Float64Array.from(labelled, ({ probability }) => probability),
    labels: Uint8Array.from(labelled, ({ file }) => file.named?.label ?? 0),
    patients: Int32Array.from(labelled, ({ file }) => patientNumbers.get(file.named?.patientKey) ?? 0),
  };
  const metrics = evaluate({ scored, threshold });
  const { tp, fp, tn, fn } = metrics.confusion;
  return [
    `${labelled.length} labelled patches of ${countUnits(subject.unit, patientKeys.size)}; positive class ${subject.positiveClass}, threshold ${formatFigure(threshold)}`,
    MAIN_METRICS.map((name) => `${titleShortly(name)} ${formatFigure(metrics[name])}`).join('  '),
    `TP ${tp}  FP ${fp}  TN ${tn}  FN ${fn}`,
  ].join('\n');
}

function formatFigure(value: number | null): string {
  return value === null ? 'undefined (one class only)' : value.toFixed(4);
}
