/** The words of what a table of scores tells: where a threshold comes from, and the verdict on two models in one sentence. */
import type { Judged } from '../comparison/judge-pairs.ts';
import type { TestedPair } from '../comparison/paired-comparison.ts';
import { countNoun } from '../count-noun.ts';
import { titleShortly } from '../metrics/metric.ts';
import type { ThresholdRule } from '../metrics/threshold.ts';
import { countUnits, hasUnits, nameIndependent, nameUnit } from '../unit/unit-words.ts';
import type { TableSide } from './collect-rows.ts';

/** The figure by which a claim is judged: fixed before any is seen, so it is adjusted over pairs and metrics as all are. */
const CLAIM_METRIC = 'auc';
const RULES: Record<ThresholdRule, string> = {
  youden: 'Youden',
  f1: titleShortly('f1'),
  sensitivity: 'its sensitivity',
};

/** CHOSEN: on VALIDATION of the table. */
export function describeThreshold(from: 'TOLD' | 'CHOSEN' | 'DEFAULT', rule: ThresholdRule): string {
  if (from === 'TOLD') return 'as told';
  if (from === 'CHOSEN') return `chosen on VALIDATION by ${RULES[rule]}`;
  return 'the usual one: none is told, and the table has no VALIDATION to choose it on';
}

/** Which of the two has the higher AUC, by how much, and how sure that is. */
export function describePair(pair: Judged<TestedPair>, side: TableSide): string {
  const found = pair.metrics.find(({ metric }) => metric === CLAIM_METRIC);
  const [a, b] = [`'${pair.a.name}'`, `'${pair.b.name}'`];
  const title = titleShortly(CLAIM_METRIC);
  if (!found) return `${a} and ${b}: ${title} does not exist, since a class is missing.`;
  const { difference, interval, verdict, adjustedP, acrossPairsP } = found;
  const on = hasUnits(pair.unit)
    ? countUnits(pair.unit, pair.sharedPatients)
    : countNoun(pair.patches, 'row');
  const where = `On ${on}${side === 'ALL' ? '' : ` of ${side}`}`;
  if (!interval) {
    return `${where} ${title} of ${a} minus that of ${b} is ${write(difference)}, without an interval: whether that is chance cannot be told.`;
  }
  // Told from the side that leads.
  const isTurned = verdict.leader === pair.b;
  const [first, second] = isTurned ? [b, a] : [a, b];
  const [low, high] = isTurned ? [-interval[1], -interval[0]] : interval;
  const p = Math.max(adjustedP ?? 0, acrossPairsP ?? 0);
  const proof = `(${title} ${write(isTurned ? -difference : difference)}, 95 % ${nameUnit(pair.unit).by} ${write(low)} to ${write(high)}, p after Holm ${p < 0.001 ? '< 0.001' : p.toFixed(3)})`;
  switch (verdict.kind) {
    case 'BETTER':
      return `${where} ${first} is better than ${second} ${proof}.`;
    case 'FEW_PATIENTS':
      return `${where} ${first} leads ${second}, on too few ${nameIndependent(pair.unit)} to call it better ${proof}.`;
    case 'NOT_AFTER_HOLM':
      return `${where} ${first} leads ${second}, but not after Holm ${proof}.`;
    default:
      return `${where} ${first} and ${second} are not told apart ${proof}.`;
  }
}

function write(value: number): string {
  const text = value.toFixed(3).replace('-', '−');
  if (Number(value.toFixed(3)) === 0) return '0.000';
  return value > 0 ? `+${text}` : text;
}
