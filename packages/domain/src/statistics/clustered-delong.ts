/**
 * The variance of AUC when patches come in patients, after Obuchowski (1997): DeLong's placements summed
 * within each patient. With one patch per patient it is DeLong's own.
 */

import { countPatients, type Scored } from '../metrics/scored.ts';
import { type AucCovariance, type Placements, placePatches } from './delong.ts';
import { twoSidedP, Z_95 } from './normal.ts';

export type AucWithError = { auc: number; standardError: number; interval: [low: number, high: number] };

export type AucDifference = {
  difference: number;
  standardError: number;
  z: number;
  pValue: number;
  interval: [low: number, high: number];
};

/**
 * S10/m + S01/n + 2 S11/(mn) over the patients (for the covariance, both cross terms). Null when fewer than
 * two patients have positives, or negatives.
 */
export function covaryByPatient(request: {
  a: Placements;
  b: Placements;
  labels: Uint8Array;
  patients: Int32Array;
}): AucCovariance | null {
  const { a, b, patients } = request;
  const sumsA = sumByPatient(a, request);
  const sumsB = sumByPatient(b, request);
  const { withPositives, withNegatives, present } = sumsA.counts;
  if (withPositives < 2 || withNegatives < 2) return null;
  const ofPositives = withPositives / (withPositives - 1) / a.positives ** 2;
  const ofNegatives = withNegatives / (withNegatives - 1) / a.negatives ** 2;
  const ofBoth = present / (present - 1) / (a.positives * a.negatives);
  const patientCount = countPatients(patients);
  const covary = (first: PatientSums, second: PatientSums) => {
    let total = 0;
    for (let patient = 0; patient < patientCount; patient++) {
      const [x, y] = [first.positives[patient] as number, first.negatives[patient] as number];
      const [u, v] = [second.positives[patient] as number, second.negatives[patient] as number];
      total += ofPositives * x * u + ofNegatives * y * v + ofBoth * (x * v + u * y);
    }
    return total;
  };
  return { aa: covary(sumsA, sumsA), bb: covary(sumsB, sumsB), ab: covary(sumsA, sumsB) };
}

/** AUC with its clustered standard error and 95 % interval, clipped to [0, 1]. Null where it has none. */
export function estimateAuc(scored: Scored): AucWithError | null {
  const placements = placePatches(scored);
  if (!placements) return null;
  const covariance = covaryByPatient({ a: placements, b: placements, ...scored });
  return covariance && intervalOfAuc(placements.auc, covariance.aa);
}

/** Wald's interval, clipped to [0, 1]. */
export function intervalOfAuc(auc: number, variance: number): AucWithError {
  const standardError = Math.sqrt(Math.max(0, variance));
  const halfWidth = Z_95 * standardError;
  return { auc, standardError, interval: [Math.max(0, auc - halfWidth), Math.min(1, auc + halfWidth)] };
}

/**
 * The 95 % interval on the logit scale, which stays within (0, 1) without clipping: logit(A) -/+ z SE / (A (1 - A)), after
 * Pepe (2003), section 5.2. Null for an AUC of 0 or 1, which has no logit.
 */
export function intervalOfAucByLogit(auc: number, variance: number): [low: number, high: number] | null {
  if (auc <= 0 || auc >= 1) return null;
  const halfWidth = (Z_95 * Math.sqrt(Math.max(0, variance))) / (auc * (1 - auc));
  const centre = Math.log(auc / (1 - auc));
  return [1 / (1 + Math.exp(halfWidth - centre)), 1 / (1 + Math.exp(-centre - halfWidth))];
}

/**
 * The difference of two AUCs (a minus b) from their covariance; p is 1 when they are equal. Null when they
 * differ without any variance to judge it by.
 */
export function compareAucs(aucs: { a: number; b: number }, covariance: AucCovariance): AucDifference | null {
  const difference = aucs.a - aucs.b;
  const standardError = Math.sqrt(Math.max(0, covariance.aa + covariance.bb - 2 * covariance.ab));
  if (standardError === 0 && difference !== 0) return null;
  const z = difference === 0 ? 0 : difference / standardError;
  const halfWidth = Z_95 * standardError;
  return {
    difference,
    standardError,
    z,
    pValue: twoSidedP(z),
    interval: [difference - halfWidth, difference + halfWidth],
  };
}

/** Sums of a patient's placements less the AUC, by class. */
type PatientSums = {
  positives: Float64Array;
  negatives: Float64Array;
  counts: { withPositives: number; withNegatives: number; present: number };
};

function sumByPatient(
  placements: Placements,
  { labels, patients }: { labels: Uint8Array; patients: Int32Array },
): PatientSums {
  const count = countPatients(patients);
  const sums = { positives: new Float64Array(count), negatives: new Float64Array(count) };
  const seen = { positives: new Uint8Array(count), negatives: new Uint8Array(count) };
  for (let index = 0; index < labels.length; index++) {
    const kind = labels[index] === 1 ? 'positives' : 'negatives';
    const patient = patients[index] as number;
    sums[kind][patient] =
      (sums[kind][patient] as number) + (placements.values[index] as number) - placements.auc;
    seen[kind][patient] = 1;
  }
  const add = (flags: Uint8Array) => flags.reduce((total, flag) => total + flag, 0);
  const present = seen.positives.reduce(
    (total, flag, at) => total + (flag | (seen.negatives[at] as number)),
    0,
  );
  return {
    ...sums,
    counts: { withPositives: add(seen.positives), withNegatives: add(seen.negatives), present },
  };
}
