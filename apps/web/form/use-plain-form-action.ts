'use client';
/** The same as `useFormAction` for a form of a few plain fields, which has no state of its own but what the browser keeps. */
import { useState } from 'react';
import { describeError, readErrorField } from '../api/error-sentence.ts';
import { type Action, useAction } from '../api/use-action.ts';

/** `fields`: by the names that the API's arguments have. */
export function usePlainFormAction<Name extends string>(
  fields: readonly Name[],
): Action & { errors: Partial<Record<Name, string>> } {
  const [errors, setErrors] = useState<Partial<Record<Name, string>>>({});
  const { run, busy } = useAction((error) => {
    const field = fields.find((name) => name === readErrorField(error));
    if (field === undefined) return false;
    setErrors({ [field]: describeError(error) } as Partial<Record<Name, string>>);
    return true;
  });
  return {
    busy,
    errors,
    run(work, done) {
      setErrors({});
      return run(work, done);
    },
  };
}
