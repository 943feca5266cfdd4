'use client';
/** One field of a JSON Schema as a form input: a select, a checkbox or a number, with its meaning and its range. */
import type { UseFormRegisterReturn } from 'react-hook-form';
import { classNames } from '../ui/class-names.ts';
import { Field, Input, LabeledCheckbox, Select } from '../ui/field.tsx';
import { describeRange, type SchemaField } from './schema-fields.ts';

type SchemaFieldInputProps = {
  field: SchemaField;
  title: string;
  input: UseFormRegisterReturn;
  error?: string;
  /** It differs from its default. */
  isChanged?: boolean;
  /** What choices are called where it is not their own name. */
  choiceTitles?: ReadonlyMap<string, string>;
  className?: string;
};

export function SchemaFieldInput(props: SchemaFieldInputProps) {
  const { field, title, input, error, isChanged, choiceTitles, className } = props;
  const mark = isChanged ? 'border-accent bg-accent-soft/50' : '';
  if (field.kind === 'flag') {
    return (
      <div className={classNames('flex flex-col gap-1', className)}>
        <LabeledCheckbox
          label={title}
          className={classNames('font-medium', isChanged && 'text-accent')}
          {...input}
        />
        <p className="text-xs text-muted-foreground">{field.description}</p>
      </div>
    );
  }
  if (field.kind === 'choice') {
    return (
      <Field label={title} hint={field.description} error={error}>
        <Select className={mark} {...input}>
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choiceTitles?.get(choice) ?? choice}
            </option>
          ))}
        </Select>
      </Field>
    );
  }
  return (
    <Field label={title} hint={field.description} error={error}>
      <Input
        className={mark}
        inputMode={field.integer ? 'numeric' : 'decimal'}
        title={describeRange(field)}
        {...input}
      />
    </Field>
  );
}
