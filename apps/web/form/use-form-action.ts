'use client';
/**
 * Sends a form: what the API finds wrong with a field stands at that field, which gets the focus; a toast only where it names
 * none, or one that the form does not have.
 */
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { describeError, readErrorField } from '../api/error-sentence.ts';
import { type Action, useAction } from '../api/use-action.ts';

/** As the API's inputs call the person who acts, whom forms call `who`. */
const ACTING = ['openedBy', 'setBy', 'changedBy', 'promotedBy', 'requestedBy', 'author'];
const WHO = 'who';

type Form<Fields extends FieldValues, Output> = Pick<
  UseFormReturn<Fields, unknown, Output>,
  'getValues' | 'setError'
>;

/** `places`: where the form calls a field otherwise than the API's input. */
export function useFormAction<Fields extends FieldValues, Output>(
  form: Form<Fields, Output>,
  places: Readonly<Record<string, FieldPath<Fields>>> = {},
): Action {
  return useAction((error) => {
    const field = readErrorField(error);
    if (field === null) return false;
    const place = places[field] ?? ((ACTING.includes(field) ? WHO : field) as FieldPath<Fields>);
    if (form.getValues(place) === undefined) return false;
    form.setError(place, { type: 'server', message: describeError(error) }, { shouldFocus: true });
    return true;
  });
}
