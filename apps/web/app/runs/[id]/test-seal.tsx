'use client';
/** The sealed TEST of one run. */
import { useMutation } from '@apollo/client/react';
import { SealedTest } from '../../../components/sealed-test.tsx';
import { OpenTestDocument, type RunPageFragment } from '../../../graphql/generated/graphql.ts';

export function TestSeal({ run }: { run: RunPageFragment }) {
  const [openTest] = useMutation(OpenTestDocument);
  const count = run.split.testOpeningCount;
  const opening = {
    act: 'Open TEST',
    ofWhat: `For ${run.name}.`,
    record:
      `Who opened it, when and why stays on the split for all to see. It will be opening number ${count + 1} ` +
      'of this split; each makes the next figure a little less honest.',
    example: 'Finalist of the shallow vs deep comparison',
    done: 'TEST is open for this run',
    open: (by: { reason: string; openedBy: string | null }) =>
      openTest({ variables: { runId: run.id, ...by } }),
  };
  return (
    <SealedTest title="TEST is sealed" isReady={run.status === 'SUCCEEDED'} opening={opening}>
      Its predictions are stored but nothing of them can be read: choose runs on VALIDATION, and open TEST for
      finalists only. On this split it was opened {count} {count === 1 ? 'time' : 'times'} so far.
    </SealedTest>
  );
}
