'use client';
/** The sealed TEST of a run, and the act that opens it: alone, or with that of the baseline that the gate sets it against. */
import { useMutation, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { OpenedBy, OpeningChoice } from '../../../evaluation/opening-form.tsx';
import { SealedTest } from '../../../evaluation/sealed-test.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import {
  BaselineToOpenDocument,
  OpenTestDocument,
  type RunPageFragment,
} from '../../../graphql/generated/graphql.ts';
import type { OnSplit } from '../../../run/run-on-split.ts';
import { countOpeningsLeft } from '../../../split/count-openings.ts';
import { LabeledCheckbox } from '../../../ui/field.tsx';

export function TestSeal({ run }: { run: OnSplit<RunPageFragment> }) {
  const [openTest] = useMutation(OpenTestDocument);
  const count = run.split.testOpeningCount;
  const left = countOpeningsLeft(run.split);
  const opening = {
    act: 'Open TEST',
    ofWhat: `For ${run.name}.`,
    record:
      `Who opened it, when and why is recorded on the split. It will be opening number ${count + 1} ` +
      'of this split; each makes later figures a little less trustworthy.',
    choice: <BaselineChoice runId={run.id} openingNumber={count + 2} />,
    example: 'Finalist of the shallow vs deep comparison',
    done: 'TEST is open for this run',
    async open({ alsoRunId, ...by }: OpenedBy) {
      await openTest({ variables: { runId: run.id, ...by } });
      if (alsoRunId) await openTest({ variables: { runId: alsoRunId, ...by } });
    },
  };
  return (
    <SealedTest title="TEST is sealed" isReady={run.status === 'SUCCEEDED'} opening={opening}>
      Its predictions are stored but cannot be read: choose runs on VALIDATION, and open TEST for finalists
      only. On this split it has been opened {countNoun(count, 'time')} so far
      {left === null ? '.' : `; ${left === 0 ? 'none' : left} of its budget is left.`}
    </SealedTest>
  );
}

/** Asked for by itself: the baseline may have ended since the page was loaded. Only what is shown here is opened. */
function BaselineChoice({ runId, openingNumber }: { runId: string; openingNumber: number }) {
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
