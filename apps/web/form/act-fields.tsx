'use client';
/** The reason and the name that every recorded act asks for. */
import { useFormContext } from 'react-hook-form';
import { OwnNameField } from '../access/own-name-field.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import './checked-values.ts';
import * as z from 'zod/mini';

export const actSchema = z.object({
  reason: z.string().check(z.trim(), z.minLength(1, 'Say why: it is recorded.')),
  /** Null where no name is given. */
  who: z.pipe(
    z.string().check(z.trim()),
    z.transform((name: string) => name || null),
  ),
});

export const EMPTY_ACT: z.input<typeof actSchema> = { reason: '', who: '' };

/** Below a FormProvider whose form has these two fields. */
export function ActFields({ placeholder }: { placeholder: string }) {
  const { register, setValue, formState } = useFormContext<z.input<typeof actSchema>>();
  return (
    <>
      <Field label="Reason" error={formState.errors.reason?.message}>
        <Textarea {...register('reason')} placeholder={placeholder} />
      </Field>
      <OwnNameField
        hint="Recorded with the reason."
        error={formState.errors.who?.message}
        registered={register('who')}
        fill={(name) => setValue('who', name)}
      />
    </>
  );
}
