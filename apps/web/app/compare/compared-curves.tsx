'use client';
/** The curves of the compared runs over one another, read again whenever one of them changes. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useReload } from '../../api/use-reload.ts';
import { ELAPSED_SERIES } from '../../charts/overlay/align-curves.ts';
import { LaterCurves } from '../../charts/overlay/later-curves.tsx';
import { ComparedCurvesDocument } from '../../graphql/generated/graphql.ts';
import { listEpochMetrics, type MetricCatalogue, pickMain } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { useRunsChanged } from '../../run/use-runs-changed.ts';
import { Card } from '../../ui/card.tsx';
import { MOST_DRAWN_RUNS } from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';

type ComparedCurvesProps = { runs: Comparison['runs']; positiveClass: string; units: string };

/** Of many runs, only this many main figures are requested, and the seconds that place a point in time. */
const MAIN_SERIES = 4;
const NO_CURVES: readonly [] = [];

export function ComparedCurves({ runs, positiveClass, units }: ComparedCurvesProps) {
  const catalogue = useMetricCatalogue();
  const isMany = runs.length > MOST_DRAWN_RUNS;
  const runIds = useMemo(() => runs.map(({ id }) => id), [runs]);
  const knownIds = useMemo(() => new Set(runIds), [runIds]);
  // Curves are not cached; they are requested again whenever one of the runs changes.
  const query = useQuery(ComparedCurvesDocument, {
    variables: { runIds, names: isMany ? listMainSeries(catalogue) : null },
    fetchPolicy: 'no-cache',
  });
  useRunsChanged({ knownIds, onListChanged: () => undefined, onKnownChanged: useReload(query.refetch) });
  const curves = (query.data ?? query.previousData)?.compareRuns.runs;
  return (
    <Card title="Curves" note={isMany ? 'Colours repeat: hover over a curve for its name.' : undefined}>
      {query.error && !curves ? (
        <p className="text-sm text-danger">{query.error.message}</p>
      ) : (
        <LaterCurves
          runs={runs}
          curves={curves ?? NO_CURVES}
          experimentId={runs[0]?.experiment.id ?? ''}
          positiveClass={positiveClass}
          units={units}
          epochs={countEpochs(runs)}
        />
      )}
    </Card>
  );
}

/** Of the longest run. */
function countEpochs(runs: Comparison['runs']): number {
  return Math.max(2, ...runs.map(({ epochs, epochsDone }) => epochs ?? epochsDone));
}

function listMainSeries(catalogue: MetricCatalogue): string[] {
  const main = pickMain(listEpochMetrics(catalogue), MAIN_SERIES);
  return [...main.map((name) => `validation.${name}`), ELAPSED_SERIES];
}
