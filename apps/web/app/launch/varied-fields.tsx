'use client';
/** The hyperparameters that a sweep varies, each with its values or its range. */
import { Plus, X } from 'lucide-react';
import { describeRange, type SchemaField, titleField } from '../../form/schema-fields.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, LabeledCheckbox, Select } from '../../ui/field.tsx';
import { createVaried, listValues, type VariedDraft } from './sweep-draft.ts';

type VariedFieldsProps = {
  varied: readonly VariedDraft[];
  fields: readonly SchemaField[];
  allowsRange: boolean;
  onChange: (varied: VariedDraft[]) => void;
};

export function VariedFields({ varied, fields, allowsRange, onChange }: VariedFieldsProps) {
  const free = fields.filter(({ key }) => !varied.some((one) => one.key === key));
  return (
    <div className="flex flex-col gap-3">
      {varied.map((one, at) => {
        const field = fields.find(({ key }) => key === one.key);
        if (!field) return null;
        const change = (part: Partial<VariedDraft>) => onChange(varied.with(at, { ...one, ...part }));
        return (
          <div key={one.key} className="grid items-start gap-3 sm:grid-cols-[12rem_minmax(0,1fr)_auto]">
            <Field label="Varies">
              <Select
                value={one.key}
                onChange={(event) => onChange(varied.with(at, createVaried(event.target.value)))}
              >
                {[field, ...free].map(({ key }) => (
                  <option key={key} value={key}>
                    {titleField(key)}
                  </option>
                ))}
              </Select>
            </Field>
            <VariedField varied={one} field={field} allowsRange={allowsRange} change={change} />
            <Button
              look="ghost"
              size="icon"
              className="sm:mt-4.5"
              aria-label={`Do not vary ${titleField(one.key)}`}
              onClick={() => onChange(varied.filter((other) => other !== one))}
            >
              <X />
            </Button>
          </div>
        );
      })}
      {free[0] && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => onChange([...varied, createVaried(free[0]?.key ?? '')])}
        >
          <Plus />
          Vary another hyperparameter
        </Button>
      )}
    </div>
  );
}

type VariedFieldProps = {
  varied: VariedDraft;
  field: SchemaField;
  allowsRange: boolean;
  change: (part: Partial<VariedDraft>) => void;
};

function VariedField({ varied, field, allowsRange, change }: VariedFieldProps) {
  if (field.kind !== 'number') return <ChoiceValues varied={varied} field={field} change={change} />;
  const title = titleField(field.key);
  const isRange = allowsRange && varied.isRange;
  return (
    <div className="flex flex-wrap items-start gap-3">
      {allowsRange && (
        <Field label="From">
          <Select
            value={isRange ? 'range' : 'values'}
            onChange={(event) => change({ isRange: event.target.value === 'range' })}
          >
            <option value="values">values</option>
            <option value="range">a range</option>
          </Select>
        </Field>
      )}
      {isRange ? (
        <>
          <Field label={`Lowest ${title.toLowerCase()}`} className="w-36">
            <Input
              inputMode="decimal"
              value={varied.low}
              onChange={(event) => change({ low: event.target.value })}
            />
          </Field>
          <Field label={`Highest ${title.toLowerCase()}`} className="w-36">
            <Input
              inputMode="decimal"
              value={varied.high}
              onChange={(event) => change({ high: event.target.value })}
            />
          </Field>
          <LabeledCheckbox
            label="by its logarithm"
            className="mt-6"
            checked={varied.isLog}
            onChange={(event) => change({ isLog: event.target.checked })}
          />
        </>
      ) : (
        <Field
          label={`Values of ${title.toLowerCase()}`}
          hint={`Separated by commas. ${describeRange(field)}; ${field.fallback} as a rule.`}
          className="min-w-56 flex-1"
        >
          <Input value={varied.values} onChange={(event) => change({ values: event.target.value })} />
        </Field>
      )}
    </div>
  );
}

function ChoiceValues({ varied, field, change }: Omit<VariedFieldProps, 'allowsRange'>) {
  const chosen = listValues(varied.values);
  const choices = field.kind === 'choice' ? field.choices : ['yes', 'no'];
  const toggle = (choice: string) =>
    choices.filter((one) => (one === choice ? !chosen.includes(one) : chosen.includes(one))).join(', ');
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium">Values of {titleField(field.key).toLowerCase()}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5 pt-1">
        {choices.map((choice) => (
          <LabeledCheckbox
            key={choice}
            label={choice}
            checked={chosen.includes(choice)}
            onChange={() => change({ values: toggle(choice) })}
          />
        ))}
      </div>
    </fieldset>
  );
}
