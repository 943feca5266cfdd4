'use client';
/** The sealed TEST of a cross-validation, opened for all folds in one act. */
import { useMutation } from '@apollo/client/react';
import { SealedTest } from '../../../components/sealed-test.tsx';
import { OpenSweepTestDocument, type SweepPageFragment } from '../../../graphql/generated/graphql.ts';

export function SweepSeal({ sweep }: { sweep: SweepPageFragment }) {
  const [openSweepTest] = useMutation(OpenSweepTestDocument);
  const folds = sweep.ranking.length;
  const waiting = sweep.ranking.filter(({ run }) => run.status !== 'SUCCEEDED').length;
  const opening = {
    act: 'Open TEST of all folds',
    ofWhat: `Of ${sweep.name}.`,
    record: `Who opened it, when and why stays on all ${folds} splits for all to see, and counts once on each.`,
    example: 'The setting is chosen; this is its report',
    done: 'TEST of all folds is open',
    busy: 'Computing intervals …',
    open: (by: { reason: string; openedBy: string | null }) =>
      openSweepTest({ variables: { id: sweep.id, ...by } }),
  };
  return (
    <SealedTest title="TEST of every fold is sealed" isReady={waiting === 0} opening={opening}>
      It is opened for all folds together or for none, and gives one pooled result: every patient predicted by
      the network that never saw it.
      {waiting > 0 && ` First every run has to succeed: ${waiting} of ${folds} have not yet.`}
    </SealedTest>
  );
}
