'use client';
/** The threshold that a reader tries out on one evaluation: loaded with the page and never stored. */
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { type OperatingPointFiguresFragment, OperatingPointsDocument } from '../graphql/generated/graphql.ts';

export type OperatingPoint = OperatingPointFiguresFragment;

export type ThresholdExplorer = {
  /** By rising threshold; empty until they are loaded. */
  points: readonly OperatingPoint[];
  /** Where the slider stands: at the frozen threshold until it is moved. */
  index: number;
  /** Null while the slider stands at the frozen threshold. */
  explored: OperatingPoint | null;
  moveTo(index: number): void;
  reset(): void;
};

export function useThresholdExplorer({
  runId,
  subset,
}: {
  runId: string;
  subset: string;
}): ThresholdExplorer {
  // Not cached: evaluations have no id of their own, so this answer would overwrite the page's.
  const query = useQuery(OperatingPointsDocument, { variables: { id: runId }, fetchPolicy: 'no-cache' });
  const points = query.data?.run?.evaluations.find((one) => one.subset === subset)?.operatingPoints ?? [];
  return useExploredPoint(points);
}

/** Of points that are loaded already. */
export function useExploredPoint(points: readonly OperatingPoint[]): ThresholdExplorer {
  const [moved, setMoved] = useState<number | null>(null);
  const frozen = Math.max(
    0,
    points.findIndex(({ isFrozen }) => isFrozen),
  );
  const index = moved ?? frozen;
  const point = points[index];
  return {
    points,
    index,
    explored: point && !point.isFrozen ? point : null,
    moveTo: setMoved,
    reset: () => setMoved(null),
  };
}
