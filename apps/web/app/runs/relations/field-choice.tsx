'use client';
/** Chooses a field of runs by typing: any that the filter line knows, an expression such as `best(train.loss)` too. */
import { useQuery } from '@apollo/client/react';
import { useId, useState } from 'react';
import { RunFieldsDocument } from '../../../graphql/generated/graphql.ts';
import { Input } from '../../../ui/field.tsx';

type FieldChoiceProps = {
  label: string;
  value: string;
  placeholder?: string;
  onlyNumbers?: boolean;
  onChange: (field: string) => void;
};

export function FieldChoice({ label, value, placeholder, onlyNumbers = false, onChange }: FieldChoiceProps) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  const [origin, setOrigin] = useState(value);
  if (origin !== value) {
    setOrigin(value);
    setTyped(value);
  }
  const { data } = useQuery(RunFieldsDocument);
  const fields = (data?.runFields ?? []).filter(({ isNumber }) => isNumber || !onlyNumbers);
  function take(text: string) {
    const field = text.trim();
    if (field !== value) onChange(field);
  }
  return (
    <form
      className="flex flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        take(typed);
      }}
    >
      <label htmlFor={id} className="text-xs font-medium">
        {label}
      </label>
      <Input
        id={id}
        list={`${id}-fields`}
        autoComplete="off"
        spellCheck={false}
        className="h-8 font-mono text-xs"
        placeholder={placeholder}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          // A choice from the list is taken at once.
          if (fields.some(({ name }) => name === target.value)) take(target.value);
        }}
        onBlur={() => take(typed)}
      />
      <datalist id={`${id}-fields`}>
        {fields.map(({ name, about }) => (
          <option key={name} value={name}>
            {about}
          </option>
        ))}
      </datalist>
    </form>
  );
}
