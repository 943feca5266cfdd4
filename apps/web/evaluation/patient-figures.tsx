/** How the run does on each patient, worst AUC first: a mean over patches hides the patients that fail. */
import { formatCount, formatMetric, formatShare } from '../format/format-number.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { titleMetric, titleShortly } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Card } from '../ui/card.tsx';
import { PlainTable } from '../ui/plain-table.tsx';

type PatientFiguresProps = {
  patients: EvaluationFiguresFragment['patients'];
  positiveClass: string;
  subset: string;
};

const NO_AUC_LAST = 2;

export function PatientFigures({ patients, positiveClass, subset }: PatientFiguresProps) {
  const catalogue = useMetricCatalogue();
  if (patients.length === 0) return null;
  const worstFirst = [...patients].sort((a, b) => (a.auc ?? NO_AUC_LAST) - (b.auc ?? NO_AUC_LAST));
  return (
    <Card
      flush
      title="Patients"
      note={`${formatCount(patients.length)} on ${subset}, worst AUC first; the whole table is among the files.`}
    >
      <div className="max-h-80 overflow-y-auto">
        <PlainTable
          caption={`Patients of ${subset}`}
          rows={worstFirst}
          rowKey={(row) => row.patientKey}
          columns={[
            { header: 'Patient', cell: (row) => row.patientKey },
            { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patches) },
            { header: positiveClass, align: 'right', cell: (row) => formatCount(row.positives) },
            { header: titleShortly(catalogue, 'auc'), align: 'right', cell: (row) => formatMetric(row.auc) },
            {
              header: titleMetric(catalogue, 'balancedAccuracy'),
              align: 'right',
              cell: (row) => formatMetric(row.balancedAccuracy),
            },
            {
              header: titleMetric(catalogue, 'sensitivity'),
              align: 'right',
              cell: (row) => formatMetric(row.sensitivity),
            },
            {
              header: titleMetric(catalogue, 'specificity'),
              align: 'right',
              cell: (row) => formatMetric(row.specificity),
            },
            {
              header: `${titleMetric(catalogue, 'f1')} (Dice of the area)`,
              align: 'right',
              cell: (row) => formatMetric(row.f1),
            },
            { header: 'True area', align: 'right', cell: (row) => formatShare(row.trueArea) },
            { header: 'Called area', align: 'right', cell: (row) => formatShare(row.calledShare) },
          ]}
        />
      </div>
    </Card>
  );
}
