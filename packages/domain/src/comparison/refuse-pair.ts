/** Which pairs of runs cannot be tested, each with the sentence that says why. */

import { describeSeal } from '../evaluation/seal.ts';
import type { RunStatus } from '../run/run-status.ts';
import type { SplitKind } from '../split/split.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { nameUnit } from '../unit/unit-words.ts';

/** Each takes up to a second or two to compute. */
export const MAX_TESTED_PAIRS = 20;
/** Known only once the predictions are aligned. */
export const NOTHING_SHARED = 'They share no patches.';

/** With fewer there is no spread. */
const SHARED_PATIENTS_MIN = 2;

export type PairableSide = {
  name: string;
  status: RunStatus;
  /** Whether its TEST was opened. */
  isOpen: boolean;
  datasetId: string;
  /** What its dataset is split by. */
  unit: SplittingUnit;
  /** What its labels mean. */
  task: { id: string; name: string };
  threshold: number | null;
  splitId: string;
  splitKind: SplitKind;
};

/** TEST patients of the split of run a, of run b, and those in both. All are 0 on a split by patch. */
export type TestPatientCounts = { patients: number; patientsB: number; sharedPatients: number };

type PairQuestion = {
  a: PairableSide;
  b: PairableSide;
  counts: TestPatientCounts;
  /** Where the TEST patients of two runs differ, pairs the runs on the patients that both have. */
  sharedPatientsOnly: boolean;
};

export function countTestPatients(
  ofA: ReadonlySet<string> | undefined,
  ofB: ReadonlySet<string> | undefined,
): TestPatientCounts {
  const shared = ofA && ofB ? [...ofA].filter((key) => ofB.has(key)).length : 0;
  return { patients: ofA?.size ?? 0, patientsB: ofB?.size ?? 0, sharedPatients: shared };
}

/** In the order of the pairs: why each is not tested; null for the first 20 that can be, which are tested. */
export function refusePairs(pairs: readonly PairQuestion[]): (string | null)[] {
  let tested = 0;
  return pairs.map((pair) => {
    const reason = refusePair(pair);
    if (reason) return reason;
    return ++tested <= MAX_TESTED_PAIRS
      ? null
      : `Not computed: ${MAX_TESTED_PAIRS} pairs are tested at once. Compare fewer runs.`;
  });
}

function refusePair({ a, b, counts, sharedPatientsOnly }: PairQuestion): string | null {
  const unfinished = [a, b].find(({ status }) => status !== 'SUCCEEDED');
  if (unfinished) return `Run '${unfinished.name}' is ${unfinished.status}: it has no TEST predictions.`;
  const sealed = [a, b].find(({ isOpen }) => !isOpen);
  if (sealed) return describeSeal(sealed.name);
  if (a.datasetId !== b.datasetId) return 'The two runs are on different datasets.';
  if (a.task.id !== b.task.id) {
    return `Run '${a.name}' is of task '${a.task.name}', run '${b.name}' of task '${b.task.name}': they answer different questions.`;
  }
  if (a.threshold === null || b.threshold === null) return 'One of the two runs has no threshold.';
  if (a.splitId === b.splitId) return null;
  const { many } = nameUnit(a.unit);
  const byPatch = [a, b].find(({ splitKind }) => splitKind === 'PATCH');
  if (byPatch) {
    return `Run '${byPatch.name}' is on a split by patch, whose TEST has no ${many} of its own: it can be paired only on the same split.`;
  }
  const { patients, patientsB, sharedPatients } = counts;
  if (sharedPatients === patients && sharedPatients === patientsB) return null;
  const sizes = `Their TEST ${many} differ: ${patients} and ${patientsB}, of which they share ${sharedPatients}.`;
  if (sharedPatients < SHARED_PATIENTS_MIN) return `${sizes} They cannot be paired.`;
  return sharedPatientsOnly ? null : `${sizes} They can be paired on the ${sharedPatients} that they share.`;
}
