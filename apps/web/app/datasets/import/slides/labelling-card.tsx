'use client';
/** What says what is on a slide, and whose it is: outlines, a label a slide, a table of all facts, or a published folder. */
import type { FaultyOutlines, OutlineRule, PatientRule } from '../../../../graphql/generated/graphql.ts';
import { Card } from '../../../../ui/card.tsx';
import { Field, Input, Select } from '../../../../ui/field.tsx';
import type { SlidesDraft } from './slides-draft.ts';
import type { SlidesStep } from './slides-step.ts';

const LABELLED_BY: Record<SlidesDraft['labelledBy'], string> = {
  OUTLINES: 'Outlines (ASAP XML, QuPath GeoJSON)',
  LABELS: 'One label a slide, from a table',
  MANIFEST: 'A table of patient, site, label and more',
  CAMELYON16: 'CAMELYON16, as published',
  CAMELYON17: 'CAMELYON17, as published',
  NOTHING: 'Nothing: patches without classes',
};

export function LabellingCard(step: SlidesStep) {
  const { draft, onChange } = step;
  const { labelledBy } = draft;
  const hasOutlines = labelledBy === 'OUTLINES' || labelledBy.startsWith('CAMELYON');
  return (
    <Card title="Labels and patients" note="Paths may be within the folder of the slides.">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Labelled by" className="sm:col-span-2">
          <Select
            value={labelledBy}
            onChange={(event) =>
              onChange({ ...draft, labelledBy: event.target.value as SlidesDraft['labelledBy'] })
            }
          >
            {Object.entries(LABELLED_BY).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {labelledBy === 'OUTLINES' && (
          <>
            <TextField {...step} field="annotations" label="Folder of outlines" placeholder="annotations" />
            <TextField
              {...step}
              field="labels"
              label="Labels of slides without outlines"
              placeholder="labels.csv"
            />
            <TextField
              {...step}
              field="outlineClasses"
              label="Classes looked for"
              placeholder="Tumor, Metastasis"
            />
            <TextField {...step} field="holeClasses" label="Classes cut out" placeholder="Exclusion" />
          </>
        )}
        {labelledBy === 'LABELS' && (
          <TextField {...step} field="labels" label="Table" placeholder="labels.csv" />
        )}
        {labelledBy === 'MANIFEST' && (
          <TextField {...step} field="manifest" label="Table" placeholder="slides.csv" />
        )}
        {hasOutlines && <OutlineRuleFields {...step} />}
        <PatientFields {...step} />
      </div>
    </Card>
  );
}

type TextFieldProps = SlidesStep & {
  field:
    | 'annotations'
    | 'labels'
    | 'manifest'
    | 'outlineClasses'
    | 'holeClasses'
    | 'positiveFrom'
    | 'patientPattern';
  label: string;
  placeholder: string;
};

function TextField({ draft, onChange, errors, field, label, placeholder }: TextFieldProps) {
  return (
    <Field label={label} error={errors[field]}>
      <Input
        value={draft[field]}
        placeholder={placeholder}
        onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
      />
    </Field>
  );
}

function OutlineRuleFields(step: SlidesStep) {
  const { draft, onChange } = step;
  return (
    <>
      <Field label="A patch is positive">
        <Select
          value={draft.outlineRule}
          onChange={(event) => onChange({ ...draft, outlineRule: event.target.value as OutlineRule })}
        >
          <option value="SHARE">from a covered share</option>
          <option value="CENTRE">if its middle third is touched</option>
        </Select>
      </Field>
      {draft.outlineRule === 'SHARE' && (
        <TextField {...step} field="positiveFrom" label="From a share of" placeholder="0.5" />
      )}
      <Field label="An outline that cannot be taken" hint="Outside its slide, or without an area.">
        <Select
          value={draft.faultyOutlines}
          onChange={(event) => onChange({ ...draft, faultyOutlines: event.target.value as FaultyOutlines })}
        >
          <option value="REFUSE">refuses its slide</option>
          <option value="LEAVE_OUT">is left out</option>
        </Select>
      </Field>
    </>
  );
}

function PatientFields(step: SlidesStep) {
  const { draft, onChange } = step;
  return (
    <>
      <Field label="Patient" hint="Read from the path of the slide, or the table's patient column.">
        <Select
          value={draft.patientRule}
          onChange={(event) => onChange({ ...draft, patientRule: event.target.value as PatientRule | '' })}
        >
          <option value="">As the source says</option>
          <option value="TCGA">TCGA barcode: its first 12 characters</option>
          <option value="REGEX">A regular expression</option>
        </Select>
      </Field>
      {draft.patientRule === 'REGEX' && (
        <TextField {...step} field="patientPattern" label="Expression" placeholder="(?P<patient>P\d+)" />
      )}
    </>
  );
}
