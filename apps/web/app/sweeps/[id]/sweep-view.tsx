'use client';
/** One sweep: owns its query, keeps it up to date while its runs train, and lays out what its strategy shows. */
import { useMutation, useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useReload } from '../../../api/use-reload.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import type { OpenedBy } from '../../../evaluation/opening-form.tsx';
import { SealedTest } from '../../../evaluation/sealed-test.tsx';
import {
  OpenSweepTestDocument,
  SweepDocument,
  type SweepPageFragment,
} from '../../../graphql/generated/graphql.ts';
import { known } from '../../../run/run-on-split.ts';
import { useLiveProgress } from '../../../run/use-live-progress.ts';
import { useQueuedWaits } from '../../../run/use-queued-waits.ts';
import { useRunsChanged } from '../../../run/use-runs-changed.ts';
import { FoldTable } from './fold-table.tsx';
import { PooledResult } from './pooled-result.tsx';
import { RungPicture } from './rung-picture.tsx';
import { SettingPicture } from './setting-picture.tsx';
import { SweepFigures } from './sweep-figures.tsx';
import { SweepHeader } from './sweep-header.tsx';
import { SweepRanking } from './sweep-ranking.tsx';
import { SweepWaits } from './sweep-waits.tsx';

export function SweepView({ sweepId }: { sweepId: string }) {
  const query = useQuery(SweepDocument, { variables: { id: sweepId } });
  const runs = useMemo(() => query.data?.sweep?.ranking.map(({ run }) => run) ?? [], [query.data]);
  const knownIds = useMemo(() => new Set(runs.map(({ id }) => id)), [runs]);
  useRunsChanged({ knownIds, onListChanged: useReload(query.refetch) });
  useQueuedWaits(runs);
  const progress = useLiveProgress(runs.filter(({ status }) => status === 'RUNNING'));
  return (
    <QueryFrame {...query} data={query.data?.sweep} missing="This sweep">
      {(sweep) => (
        <>
          <SweepHeader sweep={sweep} />
          <SweepWaits sweep={sweep} />
          <SweepFigures sweep={sweep} />
          {sweep.strategy === 'FOLDS' && !sweep.opening && <SweepSeal sweep={sweep} />}
          <div className="flex flex-col gap-5">
            {sweep.opening && <PooledResult sweep={sweep} opening={sweep.opening} />}
            {sweep.strategy === 'HALVING' && <RungPicture sweep={sweep} />}
            {sweep.strategy === 'FOLDS' ? (
              <FoldTable sweep={sweep} progress={progress} />
            ) : (
              <SweepRanking sweep={sweep} progress={progress} />
            )}
            {sweep.strategy !== 'FOLDS' && sweep.strategy !== 'SEEDS' && <SettingPicture sweep={sweep} />}
          </div>
        </>
      )}
    </QueryFrame>
  );
}

/** The sealed TEST of a cross-validation, opened for all folds in one act. */
function SweepSeal({ sweep }: { sweep: SweepPageFragment }) {
  const [openSweepTest] = useMutation(OpenSweepTestDocument);
  const folds = sweep.ranking.length;
  const waiting = sweep.ranking.filter(({ run }) => run.status !== 'SUCCEEDED').length;
  const opening = {
    act: 'Open TEST of all folds',
    ofWhat: `Of ${sweep.name}.`,
    record: `Who opened it, when and why is recorded on all ${folds} splits, and counts once on each.`,
    example: 'The setting is chosen; this is its report',
    done: 'TEST of all folds is open',
    busy: 'Computing intervals …',
    open: ({ reason, openedBy }: OpenedBy) =>
      openSweepTest({ variables: { id: sweep.id, reason, openedBy } }),
  };
  return (
    <SealedTest title="TEST of every fold is sealed" isReady={waiting === 0} opening={opening}>
      It is opened for all folds together or for none, and gives one pooled result: every{' '}
      {known(sweep.experiment.dataset).unit.one} is predicted by the network that did not train on it.
      {waiting > 0 && ` Every run has to succeed first: ${waiting} of ${folds} have not yet.`}
    </SealedTest>
  );
}
