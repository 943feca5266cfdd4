/**
 * The platform's own split: whole patients go to TRAIN, VALIDATION or TEST so that the subsets agree in
 * size, in the classes' shares of the patches and in the patients' own shares. A seeded random start that has
 * every class everywhere, as far as there are patients with it, is improved by random exchanges; only sums and
 * quotients are used, so the result is the same on any machine.
 */
import { AppError, invariant } from '../app-error.ts';
import { createRandom, deriveSeed, type SeededRandom, shuffle } from '../seeded-random.ts';
import {
  checkSplitFractions,
  compareKeys,
  type PatientAssignment,
  type PatientCounts,
  type SplitFractions,
  sortPatients,
} from './split.ts';
import { SUBSETS } from './subset.ts';

/** Exchanges get stuck where no single one helps; the best of a few starts is near enough. */
const STARTS = 4;
const EXCHANGES_PER_PATIENT = 60;
const EXCHANGES_MAX = 100_000;
/** The mean of the patients' own shares matters less than the totals over patches. */
const PATIENT_SHARE_WEIGHT = 0.25;

/** What a patient adds to its subset: shares of the whole dataset, each column summing to 1. */
type Weights = {
  patches: number;
  /** Of each class that is balanced. */
  classes: number[];
  /** The mean of the patients' own shares of each of them. */
  patientShares: number[];
};

/** A patient while it is being placed; `subset` is an index into SUBSETS, -1 when not yet placed. */
type Placed = { counts: PatientCounts; weights: Weights; subset: number };

type SplitRequest = {
  patients: readonly PatientCounts[];
  fractions: SplitFractions;
  seed: number;
  /** What is divided, in the plural: `slides`. */
  many: string;
};

/**
 * Assigns every patient to one subset, in the order of the patients' keys; each subset gets at least one
 * patient and two classes: every class that three patients have. The order of the input does not matter.
 * BAD_INPUT when the patients cannot give that, with what to change.
 */
export function splitPatientsStratified({
  patients,
  fractions,
  seed,
  many,
}: SplitRequest): PatientAssignment[] {
  checkSplitFractions(fractions);
  const sorted = sortPatients(patients);
  const shares = [fractions.train, fractions.validation, fractions.test];
  const quotas = countPatientsPerSubset(sorted.length, { shares, many });
  let best: { placed: Placed[]; imbalance: number } | null = null;
  for (let start = 0; start < STARTS; start++) {
    const random = createRandom(deriveSeed(seed, 'patient-stratified-split', start));
    const placed = shuffle(weighPatients(sorted), random);
    placeClasses(placed, { quotas, many });
    placeTheRest(placed, quotas);
    const imbalance = exchangePatients(placed, { shares, random });
    if (!best || imbalance < best.imbalance) best = { placed, imbalance };
  }
  invariant(best, 'there is at least one start');
  return best.placed
    .map(({ counts, subset }) => ({ patientKey: counts.patientKey, subset: SUBSETS[subset] ?? 'TRAIN' }))
    .sort((a, b) => compareKeys(a.patientKey, b.patientKey));
}

/** Patients per subset: at least one each, the rest by largest remainder (ties to the earlier subset). */
function countPatientsPerSubset(
  patientCount: number,
  { shares, many }: { shares: readonly number[]; many: string },
): number[] {
  if (patientCount < SUBSETS.length) {
    throw new AppError(
      'BAD_INPUT',
      `A split into TRAIN, VALIDATION and TEST needs at least ${SUBSETS.length} ${many}, but there are ` +
        `${patientCount}: import more ${many}.`,
    );
  }
  const quotas = shares.map((share) => Math.max(1, Math.floor(share * patientCount + 1e-9)));
  const lack = (index: number) => (shares[index] ?? 0) * patientCount - (quotas[index] ?? 0);
  const indices = [0, 1, 2];
  while (sum(quotas) < patientCount) {
    const neediest = indices.reduce((best, index) => (lack(index) > lack(best) + 1e-9 ? index : best));
    quotas[neediest] = (quotas[neediest] ?? 0) + 1;
  }
  while (sum(quotas) > patientCount) {
    const fullest = indices
      .filter((index) => (quotas[index] ?? 0) > 1)
      .reduce((best, index) => (lack(index) < lack(best) - 1e-9 ? index : best));
    quotas[fullest] = (quotas[fullest] ?? 0) - 1;
  }
  return quotas;
}

/** Of two classes the shares of one tell those of the other. */
function listBalanced({ classCounts }: PatientCounts): number[] {
  return classCounts.length === 2 ? [1] : [...classCounts.keys()];
}

function weighPatients(patients: readonly PatientCounts[]): Placed[] {
  const balanced = patients[0] ? listBalanced(patients[0]) : [];
  const countOf = ({ classCounts }: PatientCounts, position: number) => classCounts[position] ?? 0;
  const shareOf = (patient: PatientCounts, position: number) =>
    patient.patches > 0 ? countOf(patient, position) / patient.patches : 0;
  const patches = sum(patients.map((patient) => patient.patches)) || 1;
  const totals = balanced.map((position) => ({
    position,
    patches: sum(patients.map((patient) => countOf(patient, position))) || 1,
    shares: sum(patients.map((patient) => shareOf(patient, position))) || 1,
  }));
  return patients.map((counts) => ({
    counts,
    subset: -1,
    weights: {
      patches: counts.patches / patches,
      classes: totals.map((total) => countOf(counts, total.position) / total.patches),
      patientShares: totals.map((total) => shareOf(counts, total.position) / total.shares),
    },
  }));
}

/**
 * Gives each subset its classes, smallest quota first, by the patients that add most of those it lacks. Of two classes
 * this succeeds whenever any assignment with these quotas can; of more, a subset does without what no patient is left for.
 */
function placeClasses(
  placed: readonly Placed[],
  { quotas, many }: { quotas: readonly number[]; many: string },
): void {
  const smallestFirst = [0, 1, 2].sort((a, b) => (quotas[a] ?? 0) - (quotas[b] ?? 0));
  for (const subset of smallestFirst) {
    const lacking = new Set(listDemanded(placed, subset));
    const gained = ({ counts }: Placed) => listClasses(counts).filter((position) => lacking.has(position));
    const found = new Set<number>();
    for (let free = quotas[subset] ?? 0; free > 0 && lacking.size > 0; free--) {
      const open = placed.filter((patient) => patient.subset < 0);
      const most = Math.max(0, ...open.map((patient) => gained(patient).length));
      const next = open.find((patient) => most > 0 && gained(patient).length === most);
      if (!next) break;
      for (const position of listClasses(next.counts)) {
        lacking.delete(position);
        found.add(position);
      }
      next.subset = subset;
    }
    if (found.size < 2) refuseOneClass(subset, { placed, many });
  }
}

/** A class that fewer than three patients have cannot be on every side: it is asked of TRAIN alone. */
function listDemanded(placed: readonly Placed[], subset: number): number[] {
  const positions = [...(placed[0]?.counts.classCounts.keys() ?? [])];
  if (positions.length === 2) return positions;
  const countHolders = (position: number) =>
    placed.filter(({ counts }) => (counts.classCounts[position] ?? 0) > 0).length;
  return positions.filter((position) => SUBSETS[subset] === 'TRAIN' || countHolders(position) >= 3);
}

function listClasses({ classCounts }: PatientCounts): number[] {
  return classCounts.flatMap((count, position) => (count > 0 ? [position] : []));
}

function refuseOneClass(
  subset: number,
  { placed, many }: { placed: readonly Placed[]; many: string },
): never {
  const classes = [...(placed[0]?.counts.classCounts.keys() ?? [])];
  const holders = classes.map(
    (position) => placed.filter(({ counts }) => (counts.classCounts[position] ?? 0) > 0).length,
  );
  throw new AppError(
    'BAD_INPUT',
    `${SUBSETS[subset]} would be left with one class: of ${placed.length} ${many} ${holders.join(' and ')} have ` +
      `patches of the ${classes.length} classes, and every subset needs two classes. Import more ${many}, or give ` +
      `${SUBSETS[subset]} a larger fraction.`,
  );
}

function placeTheRest(placed: readonly Placed[], quotas: readonly number[]): void {
  const open = quotas.map(
    (quota, subset) => quota - placed.filter((patient) => patient.subset === subset).length,
  );
  for (const patient of placed) {
    if (patient.subset >= 0) continue;
    patient.subset = open.findIndex((places) => places > 0);
    open[patient.subset] = (open[patient.subset] ?? 0) - 1;
  }
}

/** Tries random exchanges of two patients and keeps those that improve the balance; returns the imbalance left. */
function exchangePatients(
  placed: readonly Placed[],
  { shares, random }: { shares: readonly number[]; random: SeededRandom },
): number {
  const totals = addUp(placed, shares.length);
  const covered = countCovered(totals);
  let imbalance = measureImbalance(totals.sums, shares);
  const tries = Math.min(EXCHANGES_MAX, EXCHANGES_PER_PATIENT * placed.length);
  for (let attempt = 0; attempt < tries; attempt++) {
    const first = placed[Math.floor(random.next() * placed.length)];
    const second = placed[Math.floor(random.next() * placed.length)];
    invariant(first && second, 'a random index points at a patient');
    if (first.subset === second.subset) continue;
    exchange(first, second, totals);
    const exchanged = measureImbalance(totals.sums, shares);
    if (exchanged < imbalance && countCovered(totals) >= covered) imbalance = exchanged;
    else exchange(first, second, totals);
  }
  return imbalance;
}

/** `holders`: patients of each subset with each class. */
type Totals = { sums: Weights[]; holders: number[][] };

function addUp(placed: readonly Placed[], subsets: number): Totals {
  const zeros = (values: readonly unknown[] | undefined) => (values ?? []).map(() => 0);
  const [first] = placed;
  const totals: Totals = {
    sums: Array.from({ length: subsets }, () => ({
      patches: 0,
      classes: zeros(first?.weights.classes),
      patientShares: zeros(first?.weights.patientShares),
    })),
    holders: Array.from({ length: subsets }, () => zeros(first?.counts.classCounts)),
  };
  for (const patient of placed) move(patient, totals, 1);
  return totals;
}

function exchange(first: Placed, second: Placed, totals: Totals): void {
  move(first, totals, -1);
  move(second, totals, -1);
  [first.subset, second.subset] = [second.subset, first.subset];
  move(first, totals, 1);
  move(second, totals, 1);
}

function move({ subset, weights, counts }: Placed, { sums, holders }: Totals, sign: 1 | -1): void {
  const total = sums[subset];
  const held = holders[subset];
  invariant(total && held, 'a placed patient has a subset');
  total.patches += sign * weights.patches;
  for (let at = 0; at < weights.classes.length; at++) {
    total.classes[at] = (total.classes[at] as number) + sign * (weights.classes[at] as number);
    total.patientShares[at] =
      (total.patientShares[at] as number) + sign * (weights.patientShares[at] as number);
  }
  for (let position = 0; position < held.length; position++) {
    if ((counts.classCounts[position] as number) > 0) held[position] = (held[position] as number) + sign;
  }
}

/** Squared distance of each subset's shares from its fraction, small subsets weighing as much as large ones. */
function measureImbalance(sums: readonly Weights[], shares: readonly number[]): number {
  let imbalance = 0;
  for (let subset = 0; subset < sums.length; subset++) {
    const share = shares[subset] ?? 0;
    const { patches, classes, patientShares } = sums[subset] as Weights;
    const distance = (patches - share) ** 2 + meanSquaredDistance(classes, share);
    imbalance += (distance + PATIENT_SHARE_WEIGHT * meanSquaredDistance(patientShares, share)) / share;
  }
  return imbalance;
}

function meanSquaredDistance(values: readonly number[], share: number): number {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += ((values[at] as number) - share) ** 2;
  return total / values.length;
}

/** How many classes stand on how many sides. */
function countCovered({ holders }: Totals): number {
  let covered = 0;
  for (const held of holders) for (const count of held) if (count > 0) covered++;
  return covered;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
