/** The titles of a policy's rules, and what a change of policy changed, in one line. Pure. */
import { describeValue, titleField } from '../../../form/schema-fields.ts';

const ABBREVIATIONS = /\b(auc|ece|test)\b/g;

/** `championAucMargin` → "Champion AUC margin". */
export function titlePolicyRule(key: string): string {
  return titleField(key).replace(ABBREVIATIONS, (word) => word.toUpperCase());
}

/** "Maximum ECE: 0.1 → 0.2"; null for the first version, and where nothing differs. */
export function describePolicyChange({ before, after }: { before: unknown; after: unknown }): string | null {
  if (!isRecord(before) || !isRecord(after)) return null;
  const changes = Object.keys(after)
    .filter((key) => before[key] !== after[key])
    .map((key) => `${titlePolicyRule(key)}: ${describeValue(before[key])} → ${describeValue(after[key])}`);
  return changes.length > 0 ? changes.join(', ') : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
