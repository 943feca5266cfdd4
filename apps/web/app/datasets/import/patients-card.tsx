'use client';
/** How patients are told, with the effect on twenty files, and the unit that splits will be by, said aloud. */
import { formatCount } from '../../../format/format-number.ts';
import type { PatientRule, SplittingUnit } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { type PlainColumn, PlainTable } from '../../../ui/plain-table.tsx';
import type { StepProps } from './step-props.ts';
import type { ImportPreview } from './use-import-preview.ts';

type Sample = ImportPreview['samples'][number];

const UNIT_LABELS: Record<SplittingUnit, string> = {
  PATIENT: 'Patients',
  SLIDE: 'Slides',
  GROUP: 'Groups of copies',
  NONE: 'Nothing: patients unknown',
};

const SAMPLE_COLUMNS: PlainColumn<Sample>[] = [
  { header: 'File', cell: ({ path }) => path, className: 'max-w-72 truncate font-mono text-xs' },
  { header: 'Patient', cell: ({ patient }) => patient ?? <Unknown />, className: 'whitespace-nowrap' },
  { header: 'Class', cell: ({ className }) => className ?? <Unknown />, className: 'whitespace-nowrap' },
];
const TEXT_COLUMN: PlainColumn<Sample> = {
  header: 'Read from',
  cell: ({ path, text }) => (text === path ? 'the path' : (text ?? <Unknown />)),
  className: 'max-w-48 truncate font-mono text-xs',
};

export function PatientsCard(step: StepProps) {
  const { draft, preview } = step;
  const samples = preview?.samples ?? [];
  const columns = draft.patientRule
    ? [...SAMPLE_COLUMNS.slice(0, 1), TEXT_COLUMN, ...SAMPLE_COLUMNS.slice(1)]
    : SAMPLE_COLUMNS;
  return (
    <Card
      flush
      title="Patients"
      note="No patient is ever on two sides of a split, so it matters who they are."
    >
      <div className="flex flex-col gap-4 p-4">
        <RuleFields {...step} />
        <UnitField {...step} />
      </div>
      {samples.length > 0 && (
        <PlainTable
          boxClassName="max-h-72 border-t border-line"
          caption="Twenty of the files, and what they are taken for"
          columns={columns}
          rows={samples}
          rowKey={({ path }) => path}
        />
      )}
    </Card>
  );
}

function Unknown() {
  return <span className="text-caution">unknown</span>;
}

function RuleFields({ draft, onChange, errors, preview }: StepProps) {
  const hasColumn = preview?.manifest?.columns.some(({ key }) => key === 'PATIENT');
  const text = hasColumn ? 'the patient column' : 'the path of the file';
  const isNamed = draft.toldBy === 'MANIFEST' || draft.patientRule === 'REGEX';
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Patient" error={errors.patientRule} hint={`A rule reads ${text}.`}>
        <Select
          value={draft.patientRule}
          onChange={(event) =>
            onChange({ ...draft, patientRule: event.target.value as PatientRule | '', unit: '' })
          }
        >
          <option value="">As the source says</option>
          <option value="TCGA">TCGA barcode: its first 12 characters</option>
          <option value="BREAKHIS">BreakHis name: its number without letters</option>
          <option value="REGEX">A regular expression</option>
        </Select>
      </Field>
      {draft.patientRule === 'REGEX' && (
        <Field
          label="Expression"
          error={errors.patientPattern}
          hint="Its first group is the patient, or the groups named patient, slide and site."
        >
          <Input
            value={draft.patientPattern}
            placeholder="(?P<patient>P\d+)_(?P<slide>S\d+)"
            className="font-mono"
            onChange={(event) => onChange({ ...draft, patientPattern: event.target.value, unit: '' })}
          />
        </Field>
      )}
      {isNamed && (
        <Field
          label="Whose patients"
          error={errors.patientsOf}
          hint="Datasets of one group share patients. If empty: of this source alone."
        >
          <Input
            value={draft.patientsOf}
            onChange={(event) => onChange({ ...draft, patientsOf: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}

function UnitField({ draft, onChange, errors, preview }: StepProps) {
  const counts = preview?.counts;
  const units = counts?.units ?? [];
  const largest = units.find(({ lacking }) => lacking === 0)?.unit ?? null;
  return (
    <>
      <Field
        label="Splits are by"
        error={errors.unit}
        className="sm:max-w-[calc(50%-0.5rem)]"
        hint="The largest that is told of every patch, unless you ask for another."
      >
        <Select
          value={draft.unit}
          onChange={(event) => onChange({ ...draft, unit: event.target.value as SplittingUnit | '' })}
        >
          <option value="">{largest ? `${UNIT_LABELS[largest]}, as told` : 'As told'}</option>
          {units
            .filter(({ unit }) => unit !== largest)
            .map(({ unit, lacking }) => (
              <option key={unit} value={unit}>
                {UNIT_LABELS[unit]}
                {lacking > 0 && `, without the ${formatCount(lacking)} patches that have none`}
              </option>
            ))}
        </Select>
      </Field>
      {counts?.unit.warning && <Notice tone="caution">{counts.unit.warning}</Notice>}
      {counts?.unitNotice && <Notice tone="caution">{counts.unitNotice}</Notice>}
    </>
  );
}
