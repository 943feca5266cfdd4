/** The words of where the threshold of a model in a table of scores comes from. */
import { titleShortly } from '../metrics/metric.ts';
import type { ThresholdRule } from '../metrics/threshold.ts';

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
