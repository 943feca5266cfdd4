/** Which dataset, split and experiment the launch form starts with: those asked for, else the safest. Pure. */
import type { LaunchTarget } from './launch-schema.ts';

export type WantedTarget = { datasetId: string | null; splitId: string | null; experimentId: string | null };

type TargetDataset = {
  id: string;
  splits: readonly { id: string; unsafe: boolean; strategy?: string }[];
  experiments: readonly { id: string }[];
};

/**
 * An unsafe split is chosen only when it was asked for; a fold of a cross-validation only when there is no other split.
 */
export function chooseTarget(datasets: readonly TargetDataset[], wanted: WantedTarget): LaunchTarget {
  const dataset =
    datasets.find(({ id }) => id === wanted.datasetId) ??
    datasets.find(({ splits }) => splits.some(({ unsafe }) => !unsafe)) ??
    datasets[0];
  const split =
    dataset?.splits.find(({ id }) => id === wanted.splitId) ??
    dataset?.splits.find(({ unsafe, strategy }) => !unsafe && strategy !== 'K_FOLD') ??
    dataset?.splits.find(({ unsafe }) => !unsafe);
  const experiment =
    dataset?.experiments.find(({ id }) => id === wanted.experimentId) ?? dataset?.experiments[0];
  return {
    datasetId: dataset?.id ?? '',
    splitId: split?.id ?? '',
    experimentId: experiment?.id ?? '',
    experimentName: '',
    taskId: '',
  };
}
