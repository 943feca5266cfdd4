'use client';
/** Whether TEST of the baseline that the gate asks to beat is opened beside that of a run. */
import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { OpeningChoice } from '../../../evaluation/opening-form.tsx';
import { BaselineToOpenDocument } from '../../../graphql/generated/graphql.ts';
import { LabeledCheckbox } from '../../../ui/field.tsx';

/** Asked for by itself: the baseline may have ended since the page was loaded. Only what is shown here is opened. */
export function BaselineChoice({ runId, openingNumber }: { runId: string; openingNumber: number }) {
  const { data } = useQuery(BaselineToOpenDocument, {
    variables: { id: runId },
    fetchPolicy: 'cache-and-network',
  });
  const { setValue, control } = useFormContext<OpeningChoice>();
  const alsoRunId = useWatch({ control, name: 'alsoRunId' });
  const baseline = data?.run?.baselineToOpen ?? null;
  const baselineId = baseline?.id ?? null;
  useEffect(() => setValue('alsoRunId', baselineId), [baselineId, setValue]);
  if (!baseline) return null;
  return (
    <LabeledCheckbox
      label={`Open TEST of ${baseline.name} too, as opening number ${openingNumber}: the gate asks to beat it`}
      checked={alsoRunId === baseline.id}
      onChange={({ target }) => setValue('alsoRunId', target.checked ? baseline.id : null)}
    />
  );
}
