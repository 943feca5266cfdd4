'use client';
/** The hyperparameters that a sweep varies, each with its values or its range. */
import { Plus, X } from 'lucide-react';
import { useFieldArray, useWatch } from 'react-hook-form';
import { describeRange, type SchemaField, titleField } from '../../form/schema-fields.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, LabeledCheckbox, Select } from '../../ui/field.tsx';
import { createVaried, listValues } from './sweep-draft.ts';
import type { LaunchFormState } from './use-launch-form.ts';

type VariedFieldsProps = {
  form: LaunchFormState['form'];
  fields: readonly SchemaField[];
  allowsRange: boolean;
};

export function VariedFields({ form, fields, allowsRange }: VariedFieldsProps) {
  const varied = useFieldArray({ control: form.control, name: 'sweep.varied' });
  const free = fields.filter(({ key }) => !varied.fields.some((one) => one.key === key));
  return (
    <div className="flex flex-col gap-3">
      {varied.fields.map(({ id, key }, at) => {
        const field = fields.find((one) => one.key === key);
        if (!field) return null;
        return (
          <div key={id} className="grid items-start gap-3 sm:grid-cols-[12rem_minmax(0,1fr)_auto]">
            <Field label="Varies">
              <Select value={key} onChange={(event) => varied.update(at, createVaried(event.target.value))}>
                {[field, ...free].map((one) => (
                  <option key={one.key} value={one.key}>
                    {titleField(one.key)}
                  </option>
                ))}
              </Select>
            </Field>
            <VariedField form={form} at={at} field={field} allowsRange={allowsRange} />
            <Button
              look="ghost"
              size="icon"
              className="sm:mt-4.5"
              aria-label={`Do not vary ${titleField(key)}`}
              onClick={() => varied.remove(at)}
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
          onClick={() => varied.append(createVaried(free[0]?.key ?? ''), { shouldFocus: false })}
        >
          <Plus />
          Vary another hyperparameter
        </Button>
      )}
    </div>
  );
}

type VariedFieldProps = Omit<VariedFieldsProps, 'fields'> & { at: number; field: SchemaField };

function VariedField({ form, at, field, allowsRange }: VariedFieldProps) {
  const from = useWatch({ control: form.control, name: `sweep.varied.${at}.from` });
  if (field.kind !== 'number') return <ChoiceValues form={form} at={at} field={field} />;
  const title = titleField(field.key);
  const isRange = allowsRange && from === 'range';
  return (
    <div className="flex flex-wrap items-start gap-3">
      {allowsRange && (
        <Field label="From">
          <Select {...form.register(`sweep.varied.${at}.from`)}>
            <option value="values">values</option>
            <option value="range">a range</option>
          </Select>
        </Field>
      )}
      {isRange ? (
        <>
          <Field label={`Lowest ${title.toLowerCase()}`} className="w-36">
            <Input inputMode="decimal" {...form.register(`sweep.varied.${at}.low`)} />
          </Field>
          <Field label={`Highest ${title.toLowerCase()}`} className="w-36">
            <Input inputMode="decimal" {...form.register(`sweep.varied.${at}.high`)} />
          </Field>
          <LabeledCheckbox
            label="on a log scale"
            className="mt-6"
            {...form.register(`sweep.varied.${at}.isLog`)}
          />
        </>
      ) : (
        <Field
          label={`Values of ${title.toLowerCase()}`}
          hint={`Separated by commas. ${describeRange(field)}; the default is ${field.fallback}.`}
          className="min-w-56 flex-1"
        >
          <Input {...form.register(`sweep.varied.${at}.values`)} />
        </Field>
      )}
    </div>
  );
}

function ChoiceValues({ form, at, field }: Omit<VariedFieldProps, 'allowsRange'>) {
  const chosen = listValues(useWatch({ control: form.control, name: `sweep.varied.${at}.values` }));
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
            onChange={() => form.setValue(`sweep.varied.${at}.values`, toggle(choice))}
          />
        ))}
      </div>
    </fieldset>
  );
}
