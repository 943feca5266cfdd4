/** A run's figures patient by patient as a table: counts, AUC where both classes are there, true and called area. */
import { PATIENT_METRICS } from '@microtome/domain/metrics/patient-table';
import type { ExportColumn, ExportTable } from '../report/export-table.ts';
import type { EvaluationPicture } from './evaluation-picture.ts';

type Row = EvaluationPicture['patients'][number] & {
  /** A side of the run's split, or EXTERNAL. */
  subset: string;
  threshold: number;
};
type Named<Value> = readonly (readonly [name: string, read: (row: Row) => Value])[];

const COUNTS: Named<number> = [
  ['patches', (row) => row.patches],
  ['positives', (row) => row.positives],
  ['tp', (row) => row.confusion.tp],
  ['fp', (row) => row.confusion.fp],
  ['tn', (row) => row.confusion.tn],
  ['fn', (row) => row.confusion.fn],
];

/** Areas are shares of the patient's patches: positive by label, and called positive at the threshold. */
const FIGURES: Named<number | null> = [
  ['true_area', (row) => row.trueArea],
  ['predicted_area', (row) => row.predictedArea],
  ['mean_probability', (row) => row.meanProbability],
  ...PATIENT_METRICS.map((name) => [nameColumn(name), (row: Row) => row[name]] as const),
  ['threshold', (row) => row.threshold],
];

export function tabulatePatientRows(rows: readonly Row[]): ExportTable {
  const columns: ExportColumn[] = [
    { name: 'subset', type: 'STRING', values: rows.map(({ subset }) => subset) },
    { name: 'patient', type: 'STRING', values: rows.map(({ patientKey }) => patientKey) },
    ...COUNTS.map(([name, read]) => ({ name, type: 'INT32' as const, values: Int32Array.from(rows, read) })),
    ...FIGURES.map(([name, read]) => ({ name, type: 'DOUBLE' as const, values: rows.map(read) })),
  ];
  return { columns };
}

/** `balancedAccuracy` → `balanced_accuracy`. */
export function nameColumn(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
