'use client';
/** While a part of the axis is shown, curves that are thinned for the whole of it are read once more for that part alone. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { FinerSeriesDocument } from '../../graphql/generated/graphql.ts';
import type { CurveAxis } from '../curves/curve-option.ts';
import { useCurvesScope } from '../curves/curves-scope.tsx';
import { listThinned, refinePanels } from './finer-panels.ts';
import type { PlottedPanel } from './plot-panels.ts';

/** Of each: about as many as a chart over the whole screen has pixels. */
const POINTS_SHOWN = 1_000;

export function useFinerPanels(panels: readonly PlottedPanel[], axis: CurveAxis): readonly PlottedPanel[] {
  const { range } = useCurvesScope();
  const { runIds, names } = useMemo(() => listThinned(panels), [panels]);
  const isByStep = axis.by === 'step';
  const [from, to] = range ? [Math.floor(range.from), Math.ceil(range.to)] : [0, null];
  const { data } = useQuery(FinerSeriesDocument, {
    variables: {
      runIds,
      names,
      points: POINTS_SHOWN,
      fromEpoch: isByStep ? 0 : from,
      toEpoch: isByStep ? null : to,
      fromStep: isByStep ? from : 0,
      toStep: isByStep ? to : null,
    },
    skip: range === null || axis.by === undefined || names.length === 0,
    fetchPolicy: 'no-cache',
  });
  const series = range ? data?.series : undefined;
  return useMemo(
    () => (series ? refinePanels(panels, { series, isByStep, range }) : panels),
    [panels, series, isByStep, range],
  );
}
