'use client';
/** The sealed TEST of a run, and the act that opens it: alone, or with that of the baseline that the gate sets it against. */
import { useMutation } from '@apollo/client/react';
import type { OpenedBy } from '../../../evaluation/opening-form.tsx';
import { SealedTest } from '../../../evaluation/sealed-test.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import { OpenTestDocument, type RunPageFragment } from '../../../graphql/generated/graphql.ts';
import type { OnSplit } from '../../../run/run-on-split.ts';
import { countOpeningsLeft } from '../../../split/count-openings.ts';
import { loadLater } from '../../../ui/load-later.tsx';

const BaselineChoice = loadLater(async () => (await import('./baseline-choice.tsx')).BaselineChoice);

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
