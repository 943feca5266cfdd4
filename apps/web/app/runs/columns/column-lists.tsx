'use client';
/** The columns of the run table to choose from: those that are shown, in their order, and every field that runs have. */
import { useQuery } from '@apollo/client/react';
import { ArrowDown, ArrowUp, Pin, X } from 'lucide-react';
import { useState } from 'react';
import { describeError } from '../../../api/error-sentence.ts';
import { formatCount } from '../../../format/format-number.ts';
import {
  type RunFieldFactsFragment,
  type RunFieldKind,
  RunFieldsDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Input, LabeledCheckbox } from '../../../ui/field.tsx';
import { type ColumnLayout, pinThrough, placeColumn, readLayout, removeColumn } from './column-layout.ts';
import { listChoices } from './list-choices.ts';
import type { RunColumn } from './run-column.ts';

/** More are found by typing. */
const SHOWN_FIELDS = 120;
const KIND_TITLES: Record<RunFieldKind, string> = {
  COLUMN: 'Run',
  HYPERPARAMETER: 'Hyperparameter',
  FIGURE: 'Figure',
  SERIES: 'Metric',
  TAG: 'Tag',
};

export type ColumnListsProps = {
  columns: readonly RunColumn[];
  layout: ColumnLayout;
  onLayout: (layout: ColumnLayout) => void;
};

export function ColumnLists(props: ColumnListsProps) {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <FieldList {...props} />
      <ShownList {...props} />
    </div>
  );
}

function FieldList({ layout, onLayout }: ColumnListsProps) {
  const [typed, setTyped] = useState('');
  const { data, error, loading } = useQuery(RunFieldsDocument);
  const { fields, others } = listChoices(data?.runFields ?? [], { typed, most: SHOWN_FIELDS });
  const toggle = (name: string, isShown: boolean) =>
    onLayout(isShown ? placeColumn(layout, name) : removeColumn(layout, name));
  const own = typed.trim();
  const isNew = own !== '' && !fields.some(({ name }) => name === own) && !layout.columns.includes(own);
  return (
    <section aria-label="Fields" className="flex min-w-0 flex-col gap-2">
      <Input
        type="search"
        aria-label="Search fields"
        placeholder="Search fields"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      {error && <p className="text-xs text-danger">{describeError(error)}</p>}
      <ul className="h-80 overflow-auto rounded-md border border-line p-1">
        {fields.map((field) => (
          <FieldChoice
            key={field.name}
            field={field}
            isShown={layout.columns.includes(field.name)}
            onChange={(isShown) => toggle(field.name, isShown)}
          />
        ))}
        {loading && fields.length === 0 && <li className="p-2 text-xs text-muted-foreground">Loading…</li>}
        {others > 0 && (
          <li className="p-2 text-xs text-muted-foreground">
            {formatCount(others)} more; type to find them.
          </li>
        )}
      </ul>
      {isNew && (
        <Button size="sm" onClick={() => onLayout(placeColumn(layout, own))}>
          Add <span className="max-w-60 truncate font-mono">{own}</span>
        </Button>
      )}
      <p className="text-xs text-muted-foreground">
        What a line asks by can be a column too: <code>at(train.loss, 5)</code>, <code>low(test.auc)</code>.
      </p>
    </section>
  );
}

type FieldChoiceProps = {
  field: RunFieldFactsFragment;
  isShown: boolean;
  onChange: (isShown: boolean) => void;
};

function FieldChoice({ field, isShown, onChange }: FieldChoiceProps) {
  return (
    <li
      title={field.about}
      className="flex items-center justify-between gap-2 rounded-sm px-1.5 py-1 hover:bg-surface-muted"
    >
      <LabeledCheckbox
        label={<span className="font-mono text-xs break-all">{field.name}</span>}
        checked={isShown}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span className="shrink-0 text-xs text-muted-foreground">{KIND_TITLES[field.kind]}</span>
    </li>
  );
}

function ShownList({ columns, layout, onLayout }: ColumnListsProps) {
  const titles = new Map(columns.map(({ name, title }) => [name, title]));
  return (
    <section aria-label="Shown columns" className="flex min-w-0 flex-col gap-2">
      <div className="flex h-8.5 items-center justify-between">
        <h3 className="text-sm font-medium">{formatCount(layout.columns.length)} shown</h3>
        <Button
          size="sm"
          look="ghost"
          onClick={() => onLayout(readLayout({ columns: null, pinned: null, widths: null }))}
        >
          First columns again
        </Button>
      </div>
      <ol className="h-80 overflow-auto rounded-md border border-line p-1">
        {layout.columns.map((name, at) => (
          <li key={name} className="flex items-center gap-1 rounded-sm px-1.5 py-0.5 hover:bg-surface-muted">
            <span className="min-w-0 flex-1 truncate text-xs" title={name}>
              {titles.get(name) ?? name}
            </span>
            <ShownAct
              label={`Keep ${name} in sight`}
              isPressed={at < layout.pinned}
              onClick={() => onLayout(pinThrough(layout, name))}
            >
              <Pin />
            </ShownAct>
            <ShownAct
              label={`Move ${name} up`}
              isDisabled={at === 0}
              onClick={() => onLayout(placeColumn(layout, name, at - 1))}
            >
              <ArrowUp />
            </ShownAct>
            <ShownAct
              label={`Move ${name} down`}
              isDisabled={at === layout.columns.length - 1}
              onClick={() => onLayout(placeColumn(layout, name, at + 1))}
            >
              <ArrowDown />
            </ShownAct>
            <ShownAct
              label={`Hide ${name}`}
              isDisabled={layout.columns.length === 1}
              onClick={() => onLayout(removeColumn(layout, name))}
            >
              <X />
            </ShownAct>
          </li>
        ))}
      </ol>
    </section>
  );
}

type ShownActProps = {
  label: string;
  isDisabled?: boolean;
  isPressed?: boolean;
  onClick: () => void;
  children: React.ReactNode;
};

function ShownAct({ label, isDisabled = false, isPressed, onClick, children }: ShownActProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
      className={classNames(
        'rounded-sm p-1 text-muted-foreground hover:text-foreground disabled:opacity-30 [&_svg]:size-3.5',
        isPressed && 'bg-accent-soft text-accent',
      )}
    >
      {children}
    </button>
  );
}
