/**
 * How a run does on groups of patients, divided by what is known of every patient: how much of the slide is positive, and
 * how many patches there are. A mean over all patients may hide a group on which the run does badly.
 */

import type { MetricSubject } from '../metrics/metric.ts';
import { type PatientRow, tabulatePatients } from '../metrics/patient-table.ts';
import { type Scored, takePatches } from '../metrics/scored.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { hasUnits, nameUnit } from '../unit/unit-words.ts';
import { type EvaluationMetrics, evaluateWithIntervals } from './evaluation.ts';

/** With fewer patients an interval by patient would promise too much. */
export const SUBGROUP_INTERVAL_PATIENTS_MIN = 5;

const POSITIVE_SHARES = [0, 0.1, 0.4] as const;
const SIZE_GROUPS = ['fewest', 'middle', 'most'] as const;

type Subgroup = {
  title: string;
  /** Dense indices in the scored patches. */
  patients: number[];
  patches: number;
  positives: number;
  metrics: EvaluationMetrics;
  /** 95 %, by patient; empty where there are too few patients. */
  intervals: Record<string, Interval>;
};

export type SubgroupDivision = { by: 'positiveShare' | 'patchCount'; title: string; groups: Subgroup[] };

type Scoring = { scored: Scored; threshold: number; draws: number; seed: number };

/** Every patient is in one group of each division; groups without patients are left out. None without a unit. */
export function evaluateSubgroups({
  subject: { positiveClass, unit },
  ...scoring
}: Scoring & { subject: MetricSubject }): SubgroupDivision[] {
  if (!hasUnits(unit)) return [];
  const { one } = nameUnit(unit);
  const rows = tabulatePatients(scoring);
  const evaluateGroups = (groups: { title: string; rows: PatientRow[] }[]) =>
    groups.filter((group) => group.rows.length > 0).map((group) => evaluateGroup(scoring, group));
  return [
    {
      by: 'positiveShare',
      title: `By the share of a ${one}'s patches that are ${positiveClass}`,
      groups: evaluateGroups(divideByShare(rows)),
    },
    {
      by: 'patchCount',
      title: `By the number of patches of a ${one}`,
      groups: evaluateGroups(divideBySize(rows)),
    },
  ];
}

function divideByShare(rows: readonly PatientRow[]) {
  return POSITIVE_SHARES.map((low, index) => {
    const high = POSITIVE_SHARES[index + 1] ?? Number.POSITIVE_INFINITY;
    const title = Number.isFinite(high)
      ? `${low * 100} % to below ${high * 100} %`
      : `${low * 100} % and more`;
    return { title, rows: rows.filter(({ trueArea }) => trueArea >= low && trueArea < high) };
  });
}

/** Thirds by size; patients of equal size stay in the order of their index. */
function divideBySize(rows: readonly PatientRow[]) {
  const ranked = rows.toSorted((a, b) => a.patches - b.patches || a.patient - b.patient);
  return SIZE_GROUPS.map((name, third) => {
    const from = Math.round((third * ranked.length) / SIZE_GROUPS.length);
    const to = Math.round(((third + 1) * ranked.length) / SIZE_GROUPS.length);
    const own = ranked.slice(from, to);
    return { title: `${name}: ${own[0]?.patches ?? 0} to ${own.at(-1)?.patches ?? 0}`, rows: own };
  });
}

function evaluateGroup(
  { scored, threshold, draws, seed }: Scoring,
  { title, rows }: { title: string; rows: PatientRow[] },
): Subgroup {
  const members = new Set(rows.map(({ patient }) => patient));
  const kept = [...scored.patients.keys()].filter((patch) => members.has(scored.patients[patch] as number));
  const own = takePatches(
    scored,
    kept,
    rows.map(({ patient }) => patient),
  );
  const { metrics, intervals } = evaluateWithIntervals({ scored: own, threshold, draws, seed });
  return {
    title,
    patients: rows.map(({ patient }) => patient),
    patches: kept.length,
    positives: rows.reduce((sum, { positives }) => sum + positives, 0),
    metrics,
    intervals: rows.length >= SUBGROUP_INTERVAL_PATIENTS_MIN ? intervals : {},
  };
}
