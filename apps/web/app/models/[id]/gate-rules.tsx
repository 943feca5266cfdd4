/** The gate's verdict rule by rule: whether it passed, its figure, its sentence. */
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import { TextLink } from '../../../components/text-link.tsx';
import type { GateRulesFragment, RuleRemedy } from '../../../graphql/generated/graphql.ts';
import { classNames } from '../../../ui/class-names.ts';
import { arrangeRules, describeFigure } from './arrange-rules.ts';
import { type JudgedRun, listRemedies } from './list-remedies.ts';

const ICONS = { passed: CircleCheck, refused: CircleX, warned: TriangleAlert };
const TONES = { passed: 'text-good', refused: 'text-danger', warned: 'text-caution' };
const WORDS = { passed: 'Passed', refused: 'Refused', warned: 'Warning' };

type GateRulesProps = { verdict: GateRulesFragment; run: JudgedRun };

export function GateRules({ verdict, run }: GateRulesProps) {
  return (
    <ul className="flex flex-col divide-y divide-line" aria-label="Gate rules">
      {arrangeRules(verdict.rules).map((rule) => {
        const Icon = ICONS[rule.outcome];
        const figure = describeFigure(rule.figure);
        return (
          <li key={rule.rule} className="flex items-start gap-2.5 py-1.5 text-sm">
            <Icon
              className={classNames('mt-0.5 size-4 shrink-0', TONES[rule.outcome])}
              aria-label={WORDS[rule.outcome]}
            />
            <span className="min-w-0 flex-1">
              {rule.sentence}
              <span className="ml-1.5 text-xs text-muted-foreground">{rule.kind}</span>
              {rule.remedy && <Remedies remedy={rule.remedy} run={run} />}
            </span>
            {figure && <span className="font-mono text-xs">{figure}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function Remedies({ remedy, run }: { remedy: RuleRemedy; run: JudgedRun }) {
  return (
    <span className="ml-1.5 inline-flex flex-wrap gap-x-2.5">
      {listRemedies(remedy, run).map(({ label, href }) => (
        <TextLink key={label} href={href} className="text-accent underline">
          {label}
        </TextLink>
      ))}
    </span>
  );
}
