'use client';
/** One sweep: owns its query and keeps it true while its runs train, and lays out what its strategy has to show. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useLiveProgress } from '../../../api/use-live-progress.ts';
import { useRunsChanged } from '../../../api/use-runs-changed.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { SweepDocument, type SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { FoldTable } from './fold-table.tsx';
import { PooledResult } from './pooled-result.tsx';
import { RungPicture } from './rung-picture.tsx';
import { SettingPicture } from './setting-picture.tsx';
import { SweepFigures } from './sweep-figures.tsx';
import { SweepHeader } from './sweep-header.tsx';
import { SweepRanking } from './sweep-ranking.tsx';
import { SweepSeal } from './sweep-seal.tsx';

export type SweepRun = SweepPageFragment['ranking'][number];

export function SweepView({ sweepId }: { sweepId: string }) {
  const query = useQuery(SweepDocument, { variables: { id: sweepId } });
  const runs = useMemo(() => query.data?.sweep?.ranking.map(({ run }) => run) ?? [], [query.data]);
  const knownIds = useMemo(() => new Set(runs.map(({ id }) => id)), [runs]);
  useRunsChanged({ knownIds, onListChanged: () => void query.refetch() });
  const progress = useLiveProgress(runs.filter(({ status }) => status === 'RUNNING'));
  return (
    <QueryFrame {...query} data={query.data?.sweep} missing="This sweep">
      {(sweep) => (
        <>
          <SweepHeader sweep={sweep} />
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
