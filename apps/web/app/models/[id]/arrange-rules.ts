/** Orders the gate's rules: what refuses first, then warnings, then what passed; safety before quality. Pure. */
import { formatCount, formatMetric } from '../../../format/format-number.ts';

type GateRule = { rule: string; kind: string; passed: boolean; figure?: unknown; sentence: string };
type RuleOutcome = 'refused' | 'warned' | 'passed';

const OUTCOMES: RuleOutcome[] = ['refused', 'warned', 'passed'];
const KINDS = ['safety', 'quality', 'warning'];

export function arrangeRules<Rule extends GateRule>(
  rules: readonly Rule[],
): (Rule & { outcome: RuleOutcome })[] {
  return rules
    .map((rule) => ({ ...rule, outcome: judgeRule(rule) }))
    .sort(
      (a, b) =>
        OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) ||
        KINDS.indexOf(a.kind.toLowerCase()) - KINDS.indexOf(b.kind.toLowerCase()),
    );
}

/** The figure as it is shown: three decimals, or the text itself; null where a rule has none, or several, which its sentence says. */
export function describeFigure(figure: unknown): string | null {
  if (figure === null || figure === undefined) return null;
  if (typeof figure === 'number')
    return Number.isInteger(figure) ? formatCount(figure) : formatMetric(figure);
  if (typeof figure === 'string') return figure;
  if (typeof figure === 'boolean') return figure ? 'yes' : 'no';
  return null;
}

function judgeRule(rule: GateRule): RuleOutcome {
  if (rule.passed) return 'passed';
  return rule.kind.toLowerCase() === 'warning' ? 'warned' : 'refused';
}
