/** Two runs on the same opened TEST patients: metrics of both, and their paired differences by patient. */
import type { Subset } from '@microtome/domain/subset';
import type { ComparedRun } from './compare-runs.ts';
import type { ApiContext } from './context.ts';
import { loadScoredSubset, type ScoredSubset } from './scored-subset.ts';
import type { CompareInput, CompareResult } from './statistics/statistics-task.ts';

export const COMPARISON_DRAWS = 2000;
const COMPARISON_SEED = 1;

export type PairedMetric = {
  name: string;
  a: number | null;
  b: number | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  pValue: number | null;
  adjustedP: number | null;
};

export type PairedComparison = {
  a: ComparedRun;
  b: ComparedRun;
  subset: Subset;
  patients: number;
  sharedPatients: number;
  patches: number;
  draws: number;
  metrics: PairedMetric[];
  details: unknown;
  refused: string | null;
};

/** A pair that cannot be compared says why in `refused`. */
export async function pairRuns(
  context: ApiContext,
  { a, b }: { a: ComparedRun; b: ComparedRun },
): Promise<PairedComparison> {
  const refuse = (refused: string, counts = { patients: 0, sharedPatients: 0 }): PairedComparison => ({
    ...{ a, b, subset: 'TEST', patches: 0, draws: 0, metrics: [], details: null, refused },
    ...counts,
  });
  const sealed = [a, b].find(({ testOpening }) => testOpening === null);
  if (sealed) return refuse(`TEST of run '${sealed.name}' is sealed: open it first.`);
  if (a.datasetId !== b.datasetId) return refuse('The two runs are on different data sets.');
  if (a.threshold === null || b.threshold === null) return refuse('One of the two runs has no threshold.');
  const scoredA = await loadScoredSubset(context, { runId: a.id, subset: 'TEST' });
  const scoredB = await loadScoredSubset(context, { runId: b.id, subset: 'TEST' });
  const patients = scoredA.patientKeys.length;
  const sharedPatients = scoredA.patientKeys.filter((key) => scoredB.patientKeys.includes(key)).length;
  const counts = { patients, sharedPatients };
  if (sharedPatients < patients || sharedPatients < scoredB.patientKeys.length) {
    const sizes = `${patients} and ${scoredB.patientKeys.length}`;
    return refuse(`Their TEST patients differ: ${sizes}, of whom they share ${sharedPatients}.`, counts);
  }
  const input = alignPatches({ a, b, scoredA, scoredB });
  if (!input) return refuse('They share no patches.', counts);
  const result = await context.compare(input);
  return { ...refuse(''), ...counts, ...describeResult(result), refused: null };
}

/** The patches that both runs predicted (one may have left out edge strips); null when there are none. */
function alignPatches(pair: {
  a: ComparedRun;
  b: ComparedRun;
  scoredA: ScoredSubset;
  scoredB: ScoredSubset;
}): CompareInput | null {
  const { a, b, scoredA, scoredB } = pair;
  const positionsB = new Map(Array.from(scoredB.patchIndexes, (index, position) => [index, position]));
  const positions = Array.from(scoredA.patchIndexes.keys()).filter((position) =>
    positionsB.has(scoredA.patchIndexes[position] ?? -1),
  );
  if (positions.length === 0) return null;
  const at = (position: number) => positionsB.get(scoredA.patchIndexes[position] ?? -1) ?? 0;
  const { probabilities, labels, patients } = scoredA.scored;
  return {
    a: Float64Array.from(positions, (position) => probabilities[position] ?? Number.NaN),
    b: Float64Array.from(positions, (position) => scoredB.scored.probabilities[at(position)] ?? Number.NaN),
    labels: Uint8Array.from(positions, (position) => labels[position] ?? 0),
    patients: renumber(positions.map((position) => patients[position] ?? 0)),
    thresholdA: a.threshold ?? 0.5,
    thresholdB: b.threshold ?? 0.5,
    draws: COMPARISON_DRAWS,
    seed: COMPARISON_SEED,
  };
}

/** A patient all of whose patches only one run predicted leaves a gap: numbers must have none. */
function renumber(patients: number[]): Int32Array {
  const numbers = new Map(
    [...new Set(patients)].sort((a, b) => a - b).map((patient, number) => [patient, number]),
  );
  return Int32Array.from(patients, (patient) => numbers.get(patient) ?? 0);
}

function describeResult(result: CompareResult) {
  const { differences, clusteredAuc, naiveAuc, signFlip, clusteredMcNemar, agreement, skippedDraws } = result;
  return {
    patches: result.patchCount,
    draws: result.draws,
    metrics: differences.map(({ metric, interval, ...difference }) => ({
      ...difference,
      name: metric,
      low: interval?.[0] ?? null,
      high: interval?.[1] ?? null,
    })),
    details: { clusteredAuc, naiveAuc, signFlip, clusteredMcNemar, agreement, skippedDraws },
  };
}
