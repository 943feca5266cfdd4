'use client';
/** How a list is to be read, where that is not found by itself: which column is what, and how a patient is told from a name. */
import type { NameRule } from '../graphql/generated/graphql.ts';
import { Field, Input, Select } from '../ui/field.tsx';
import { LIST_COLUMNS, type ListColumn, type ListDraft, listColumnNames } from './list-draft.ts';

const LABELS: Record<ListColumn, string> = {
  id: 'Ids or files',
  patient: 'Patients',
  side: 'Sides',
  fold: 'Folds',
  site: 'Sites',
};
const RULES: readonly [NameRule, string][] = [
  ['BREAKHIS', 'BreakHis'],
  ['TCGA', 'TCGA barcode'],
  ['REGEX', 'An expression'],
  ['NONE', 'Names as they stand'],
];

type ListOptionsProps = { list: ListDraft; onChange: (list: ListDraft) => void };

export function ListOptions({ list, onChange }: ListOptionsProps) {
  const names = listColumnNames(list);
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-xs font-medium">
        Columns and names, where they are not found by themselves
      </summary>
      <div className="mt-3 grid grid-cols-2 gap-3">
        {LIST_COLUMNS.map((what) => (
          <Field key={what} label={LABELS[what]}>
            <Select
              value={list.columns[what] ?? ''}
              onChange={({ target }) =>
                onChange({ ...list, columns: { ...list.columns, [what]: target.value } })
              }
            >
              <option value="">as found</option>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        ))}
        <Field label="Patient told from a name by">
          <Select
            value={list.rule}
            onChange={({ target }) => onChange({ ...list, rule: target.value as ListDraft['rule'] })}
          >
            <option value="">as found</option>
            {RULES.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {list.rule === 'REGEX' && (
          <Field label="Expression" hint="Groups patient, slide and site." className="col-span-2">
            <Input
              value={list.pattern}
              onChange={({ target }) => onChange({ ...list, pattern: target.value })}
              placeholder="(?P<patient>P\\d+)_(?P<slide>S\\d+)"
              className="font-mono"
            />
          </Field>
        )}
      </div>
    </details>
  );
}
