'use client';
/** How a table is to be read, where that is not found by itself: columns, models, the positive label, the threshold, the unit. */
import { readTableHead } from '../../form/text-files.ts';
import type { SplittingUnit } from '../../graphql/generated/graphql.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import {
  NO_COLUMN,
  readThreshold,
  type ScoreKind,
  TABLE_COLUMNS,
  type TableColumn,
  type TableDraft,
} from './table-draft.ts';

const LABELS: Record<TableColumn, string> = {
  label: 'Labels',
  patient: 'Patients',
  slide: 'Slides',
  site: 'Sites',
  subset: 'Sides',
};
const UNITS: readonly [SplittingUnit, string][] = [
  ['PATIENT', 'Patients'],
  ['SLIDE', 'Slides'],
  ['GROUP', 'Groups of copies'],
  ['NONE', 'Unknown'],
];

type TableOptionsProps = {
  table: TableDraft;
  /** Of a choice, which is asked about at once. */
  onChoose: (table: TableDraft) => void;
  /** Of what is typed, which is asked about when the field is left. */
  onType: (table: TableDraft) => void;
};

export function TableOptions({ table, onChoose, onType }: TableOptionsProps) {
  const names = readTableHead(table.file?.text ?? '');
  const whenLeft = { onBlur: () => onChoose(table) };
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-xs font-medium">
        Columns, labels and threshold, where they are not as found
      </summary>
      <div className="mt-3 grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {TABLE_COLUMNS.map((what) => (
          <Field key={what} label={LABELS[what]}>
            <Select
              value={table.columns[what] ?? ''}
              onChange={({ target }) =>
                onChoose({ ...table, columns: { ...table.columns, [what]: target.value } })
              }
            >
              <option value="">as found</option>
              {what !== 'label' && <option value={NO_COLUMN}>none</option>}
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        ))}
        <Field label="Positive label" hint="Several are separated by commas.">
          <Input
            value={table.positive}
            placeholder="as its name tells"
            onChange={({ target }) => onType({ ...table, positive: target.value })}
            {...whenLeft}
          />
        </Field>
        <Field label="Threshold" {...describeThreshold(table.threshold)}>
          <Input
            value={table.threshold}
            placeholder="from VALIDATION, else 0.5"
            inputMode="decimal"
            onChange={({ target }) => onType({ ...table, threshold: target.value })}
            {...whenLeft}
          />
        </Field>
        <Field label="Independent are">
          <Select
            value={table.unit}
            onChange={({ target }) => onChoose({ ...table, unit: target.value as TableDraft['unit'] })}
          >
            <option value="">as found</option>
            {UNITS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <ModelChoice names={names} table={table} onChoose={onChoose} />
    </details>
  );
}

function describeThreshold(text: string): { error?: string } {
  return readThreshold(text) === undefined ? { error: 'A number from 0 to 1.' } : {};
}

type ModelChoiceProps = Pick<TableOptionsProps, 'table' | 'onChoose'> & { names: readonly string[] };

function ModelChoice({ names, table, onChoose }: ModelChoiceProps) {
  function choose(column: string, kind: ScoreKind | '') {
    const { [column]: _, ...others } = table.scores;
    onChoose({ ...table, scores: kind === '' ? others : { ...others, [column]: kind } });
  }
  const isTold = Object.keys(table.scores).length > 0;
  return (
    <fieldset className="mt-4">
      <legend className="text-xs font-medium">Models, by the columns of their scores</legend>
      <div className="mt-2 grid grid-cols-1 gap-2 sm:grid-cols-2 lg:grid-cols-4">
        {names.map((name) => (
          <Field key={name} label={<span className="break-all">{name}</span>}>
            <Select
              value={table.scores[name] ?? ''}
              onChange={({ target }) => choose(name, target.value as ScoreKind | '')}
            >
              <option value="">{isTold ? 'no scores' : 'as found'}</option>
              <option value="PROBABILITY">probabilities</option>
              <option value="LOGIT">log-odds</option>
            </Select>
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
