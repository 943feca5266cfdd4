/**
 * The platform's own split: whole patients go to TRAIN, VALIDATION or TEST so that the subsets agree in
 * size, in the share of positive patches and in the patients' own shares. A seeded random start that has
 * both classes everywhere is improved by random exchanges; only sums and quotients are used, so the result
 * is the same on any machine.
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
type Weights = { patches: number; positives: number; patientShare: number };

/** A patient while it is being placed; `subset` is an index into SUBSETS, -1 when not yet placed. */
type Placed = { counts: PatientCounts; weights: Weights; subset: number };

type SplitRequest = { patients: readonly PatientCounts[]; fractions: SplitFractions; seed: number };

/**
 * Assigns every patient to one subset, in the order of the patients' keys; each subset gets at least one
 * patient and both classes. The order of the input does not matter.
 * BAD_INPUT when the patients cannot give that, with what to change.
 */
export function splitPatientsStratified({ patients, fractions, seed }: SplitRequest): PatientAssignment[] {
  checkSplitFractions(fractions);
  const sorted = sortPatients(patients);
  const shares = [fractions.train, fractions.validation, fractions.test];
  const quotas = countPatientsPerSubset(sorted.length, shares);
  let best: { placed: Placed[]; imbalance: number } | null = null;
  for (let start = 0; start < STARTS; start++) {
    const random = createRandom(deriveSeed(seed, 'patient-stratified-split', start));
    const placed = shuffle(weighPatients(sorted), random);
    placeBothClasses(placed, quotas);
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
function countPatientsPerSubset(patientCount: number, shares: readonly number[]): number[] {
  if (patientCount < SUBSETS.length) {
    throw new AppError(
      'BAD_INPUT',
      `A split into TRAIN, VALIDATION and TEST needs at least ${SUBSETS.length} patients, but there are ` +
        `${patientCount}: import more patients.`,
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

function weighPatients(patients: readonly PatientCounts[]): Placed[] {
  const shareOf = ({ patches, positives }: PatientCounts) => (patches > 0 ? positives / patches : 0);
  const patches = sum(patients.map((patient) => patient.patches)) || 1;
  const positives = sum(patients.map((patient) => patient.positives)) || 1;
  const shares = sum(patients.map(shareOf)) || 1;
  return patients.map((counts) => ({
    counts,
    subset: -1,
    weights: {
      patches: counts.patches / patches,
      positives: counts.positives / positives,
      patientShare: shareOf(counts) / shares,
    },
  }));
}

/**
 * Gives each subset both classes, smallest quota first: one patient with both, or else one of each kind.
 * This succeeds whenever any assignment with these quotas can.
 */
function placeBothClasses(placed: readonly Placed[], quotas: readonly number[]): void {
  const hasBoth = ({ counts }: Placed) => counts.positives > 0 && counts.positives < counts.patches;
  const isPositive = ({ counts }: Placed) => counts.positives > 0 && counts.positives === counts.patches;
  const isNegative = ({ counts }: Placed) => counts.patches > 0 && counts.positives === 0;
  const take = (kind: (patient: Placed) => boolean) =>
    placed.find((patient) => patient.subset < 0 && kind(patient));
  const smallestFirst = [0, 1, 2].sort((a, b) => (quotas[a] ?? 0) - (quotas[b] ?? 0));
  for (const subset of smallestFirst) {
    const both = take(hasBoth);
    const pair = both ? [both] : [take(isPositive), take(isNegative)];
    if (pair.some((patient) => !patient) || pair.length > (quotas[subset] ?? 0))
      refuseOneClass(subset, placed);
    for (const patient of pair) if (patient) patient.subset = subset;
  }
}

function refuseOneClass(subset: number, placed: readonly Placed[]): never {
  const withPositives = placed.filter(({ counts }) => counts.positives > 0).length;
  const withNegatives = placed.filter(({ counts }) => counts.positives < counts.patches).length;
  throw new AppError(
    'BAD_INPUT',
    `${SUBSETS[subset]} would be left with one class: of ${placed.length} patients ${withPositives} have positive ` +
      `and ${withNegatives} negative patches, and every subset needs both. Import more patients, or give ` +
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
  const sums = shares.map(() => ({ patches: 0, positives: 0, patientShare: 0 }));
  const holders = shares.map(() => ({ positive: 0, negative: 0 }));
  for (const patient of placed) move(patient, { sums, holders, sign: 1 });
  let imbalance = measureImbalance(sums, shares);
  const tries = Math.min(EXCHANGES_MAX, EXCHANGES_PER_PATIENT * placed.length);
  for (let attempt = 0; attempt < tries; attempt++) {
    const first = placed[Math.floor(random.next() * placed.length)];
    const second = placed[Math.floor(random.next() * placed.length)];
    invariant(first && second, 'a random index points at a patient');
    if (first.subset === second.subset) continue;
    exchange(first, second, { sums, holders });
    const exchanged = measureImbalance(sums, shares);
    if (exchanged < imbalance && haveBothClasses(holders)) imbalance = exchanged;
    else exchange(first, second, { sums, holders });
  }
  return imbalance;
}

type Totals = { sums: Weights[]; holders: { positive: number; negative: number }[] };

function exchange(first: Placed, second: Placed, totals: Totals): void {
  move(first, { ...totals, sign: -1 });
  move(second, { ...totals, sign: -1 });
  [first.subset, second.subset] = [second.subset, first.subset];
  move(first, { ...totals, sign: 1 });
  move(second, { ...totals, sign: 1 });
}

function move(patient: Placed, { sums, holders, sign }: Totals & { sign: 1 | -1 }): void {
  const total = sums[patient.subset];
  const holder = holders[patient.subset];
  invariant(total && holder, 'a placed patient has a subset');
  total.patches += sign * patient.weights.patches;
  total.positives += sign * patient.weights.positives;
  total.patientShare += sign * patient.weights.patientShare;
  if (patient.counts.positives > 0) holder.positive += sign;
  if (patient.counts.positives < patient.counts.patches) holder.negative += sign;
}

/** Squared distance of each subset's shares from its fraction, small subsets weighing as much as large ones. */
function measureImbalance(sums: readonly Weights[], shares: readonly number[]): number {
  let imbalance = 0;
  for (let subset = 0; subset < sums.length; subset++) {
    const share = shares[subset] ?? 0;
    const { patches, positives, patientShare } = sums[subset] as Weights;
    const distance = (patches - share) ** 2 + (positives - share) ** 2;
    imbalance += (distance + PATIENT_SHARE_WEIGHT * (patientShare - share) ** 2) / share;
  }
  return imbalance;
}

function haveBothClasses(holders: Totals['holders']): boolean {
  return holders.every(({ positive, negative }) => positive > 0 && negative > 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
