/** How the run does on each patient, or what the dataset is split by, worst AUC first: a mean over patches hides those that fail. */
import { TextLink } from '../components/text-link.tsx';
import { formatCount, formatMetric, formatShare } from '../format/format-number.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { listEvaluationMetrics, pickMain, titleMetric, titleShortly } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Card } from '../ui/card.tsx';
import { PlainTable } from '../ui/plain-table.tsx';
import { hasUnits, type UnitWords } from '../unit/unit-words.ts';
import { readFigure } from './list-metrics.ts';

type PatientRow = EvaluationFiguresFragment['patients'][number];

type PatientFiguresProps = {
  patients: EvaluationFiguresFragment['patients'];
  positiveClass: string;
  unit: UnitWords;
  subset: string;
  /** Where the slide of a patient is shown; null where there is none to show. */
  toHref: ((patientKey: string) => string) | null;
};

/** So many main figures have room in the table. */
const MAIN_METRICS = 5;
const NO_AUC_LAST = 2;

export function PatientFigures({ patients, positiveClass, unit, subset, toHref }: PatientFiguresProps) {
  const catalogue = useMetricCatalogue();
  if (patients.length === 0 || !hasUnits(unit)) return null;
  const aucOf = ({ metrics }: PatientRow) => readFigure(metrics, 'auc') ?? NO_AUC_LAST;
  const worstFirst = [...patients].sort((a, b) => aucOf(a) - aucOf(b));
  return (
    <Card
      flush
      title={unit.heading}
      note={`${formatCount(patients.length)} on ${subset}, worst ${titleShortly(catalogue, 'auc')} first. F1 is the Dice of the called area. The whole table is among the files.`}
    >
      <PlainTable
        boxClassName="max-h-80"
        caption={`${unit.heading} of ${subset}`}
        rows={worstFirst}
        rowKey={(row) => row.patientKey}
        columns={[
          {
            header: unit.title,
            cell: ({ patientKey }) =>
              toHref ? <TextLink href={toHref(patientKey)}>{patientKey}</TextLink> : patientKey,
          },
          { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patches) },
          { header: positiveClass, align: 'right', cell: (row) => formatCount(row.positives) },
          ...pickMain(listEvaluationMetrics(catalogue), MAIN_METRICS).map((name) => ({
            header: titleMetric(catalogue, name),
            align: 'right' as const,
            cell: (row: PatientRow) => formatMetric(readFigure(row.metrics, name)),
          })),
          { header: 'True area', align: 'right', cell: (row) => formatShare(row.trueArea) },
          { header: 'Called area', align: 'right', cell: (row) => formatShare(row.calledShare) },
        ]}
      />
    </Card>
  );
}
