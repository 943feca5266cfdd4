/** What a sweep will cost: how much it trains, and how long that takes judging by earlier runs. */
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import type { PreparedRun } from '../run/run-launch.ts';
import type { Store } from '../store.ts';
import { listSplitRows, type SweepPlan } from './sweep-plan.ts';

export type SweepCost = {
  runs: number;
  /** Passes over the training patches, all runs together. */
  epochs: number;
  /** Training patches times epochs. */
  patches: number;
  /** Of forward passes and gradients: three times those of a prediction. */
  multiplyAdds: number;
  /** On one worker; null while no run of one of its networks has finished here. */
  seconds: number | null;
};

const PASSES_OF_TRAINING = 3;

/** How much the sweep trains if no run stops early. Later rungs of a halving count as their average candidate. */
export async function measureSweep(store: Store, plan: SweepPlan): Promise<SweepCost> {
  const rows = listSplitRows(plan.splits).map((row) => ({ ...row, id: '' }));
  const runs = plan.prepareRuns(rows);
  const speeds = await measureSpeeds(store, runs);
  const costs = runs.map((run, place) => {
    const { trainPatches } = rows.find(({ digest }) => digest === plan.runs[place]!.splitDigest)!;
    const { epochs } = parseHyperparameters(run.hyperparameters);
    const speed = speeds.get(nameNetwork(run));
    const patches = trainPatches * epochs;
    const multiplyAdds = PASSES_OF_TRAINING * patches * Number(run.multiplyAdds);
    return { epochs, patches, multiplyAdds, seconds: speed === undefined ? null : patches / speed };
  });
  const sum = (of: 'epochs' | 'patches' | 'multiplyAdds') =>
    costs.reduce((total, cost) => total + cost[of], 0);
  const seconds = costs.some((cost) => cost.seconds === null)
    ? null
    : costs.reduce((total, cost) => total + (cost.seconds ?? 0), 0);
  const [first, ...later] = plan.rungs;
  const firstEpochs = first ? first.epochs * first.runs : 1;
  const factor = 1 + later.reduce((total, rung) => total + rung.epochs * rung.runs, 0) / firstEpochs;
  return {
    runs: costs.length + later.reduce((total, rung) => total + rung.runs, 0),
    epochs: Math.round(sum('epochs') * factor),
    patches: Math.round(sum('patches') * factor),
    multiplyAdds: sum('multiplyAdds') * factor,
    seconds: seconds === null ? null : seconds * factor,
  };
}

/** Training patches a second of the newest finished run of each network, by name and size. */
async function measureSpeeds(store: Store, runs: readonly PreparedRun[]): Promise<Map<string, number>> {
  const finished = await store.database.prisma.run.findMany({
    where: {
      status: 'SUCCEEDED',
      trainPatchesPerSecond: { gt: 0 },
      architecture: { in: [...new Set(runs.map(({ architecture }) => architecture))] },
    },
    distinct: ['architecture', 'multiplyAdds'],
    orderBy: { finishedAt: 'desc' },
    select: { architecture: true, multiplyAdds: true, trainPatchesPerSecond: true },
  });
  return new Map(finished.map((run) => [nameNetwork(run), run.trainPatchesPerSecond ?? 0]));
}

function nameNetwork({
  architecture,
  multiplyAdds,
}: {
  architecture: string;
  multiplyAdds: bigint | number | null;
}) {
  return `${architecture} ${multiplyAdds}`;
}
