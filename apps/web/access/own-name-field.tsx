'use client';
/** Who acts: with accounts it is the account's name, else what is typed, which the browser keeps for the next act. */
import { useEffect } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { Field, Input } from '../ui/field.tsx';
import { useAccess } from './access-provider.tsx';
import { keepName, readName } from './kept-name.ts';

type OwnNameFieldProps = {
  /** Where the name is seen. */
  hint: string;
  error?: string | undefined;
  registered: UseFormRegisterReturn;
  fill: (name: string) => void;
};

export function OwnNameField({ hint, error, registered, fill }: OwnNameFieldProps) {
  const { me } = useAccess();
  const isAsked = me === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: filled once; what is typed afterwards stays
  useEffect(() => {
    if (isAsked) fill(readName());
  }, [isAsked]);
  if (!isAsked) {
    return (
      <p className="text-sm text-muted-foreground">
        As <b>{me.account.name}</b>. {hint}
      </p>
    );
  }
  return (
    <Field label="Your name" hint={`${hint} This browser keeps it.`} error={error}>
      <Input
        {...registered}
        onChange={(event) => {
          keepName(event.target.value);
          return registered.onChange(event);
        }}
        autoComplete="name"
      />
    </Field>
  );
}
