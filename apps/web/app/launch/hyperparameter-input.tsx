'use client';
/** One knob: a select, a checkbox or a number, with its meaning and its range. */
import { describeRange, type SchemaField, titleField } from '../../form/schema-fields.ts';
import type { LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import { classNames } from '../../ui/class-names.ts';
import { Field, Input, LabeledCheckbox, Select } from '../../ui/field.tsx';
import type { LaunchFormState } from './use-launch-form.ts';

type HyperparameterInputProps = {
  field: SchemaField;
  form: LaunchFormState;
  architectures: LaunchChoicesQuery['architectures'];
};

export function HyperparameterInput({ field, form, architectures }: HyperparameterInputProps) {
  const { key, description } = field;
  const typed = form.typed[key];
  const mark = key in form.changed ? 'border-accent bg-accent-soft/50' : '';
  if (field.kind === 'flag') {
    return (
      <div className="flex flex-col gap-1 pt-4">
        <LabeledCheckbox
          label={titleField(key)}
          checked={typed === true}
          onChange={(event) => form.type(key, event.target.checked)}
          className={classNames('font-medium', key in form.changed && 'text-accent')}
        />
        <p className="text-xs text-muted-foreground">{description}</p>
      </div>
    );
  }
  if (field.kind === 'choice') {
    const titles = new Map(
      key === 'architecture' ? architectures.map(({ name, title }) => [name, title]) : [],
    );
    return (
      <Field label={titleField(key)} hint={description} error={form.errors[key]}>
        <Select
          className={mark}
          value={String(typed)}
          onChange={(event) => form.type(key, event.target.value)}
        >
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {titles.get(choice) ?? choice}
            </option>
          ))}
        </Select>
      </Field>
    );
  }
  return (
    <Field label={titleField(key)} hint={description} error={form.errors[key]}>
      <Input
        className={mark}
        inputMode={field.integer ? 'numeric' : 'decimal'}
        title={describeRange(field)}
        value={String(typed ?? '')}
        onChange={(event) => form.type(key, event.target.value)}
      />
    </Field>
  );
}
