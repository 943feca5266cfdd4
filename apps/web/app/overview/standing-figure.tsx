/** One figure of a run with its interval, of TEST where that is open, else of VALIDATION. */
import { formatInterval, formatMetric } from '../../format/format-number.ts';
import type { StandingRunFragment } from '../../graphql/generated/graphql.ts';

type Wanted = { run: StandingRunFragment; name: string; subset: 'TEST' | 'VALIDATION' };

export function StandingFigure({ run, name, subset }: Wanted) {
  const figure = run.evaluations
    .find((evaluation) => evaluation.subset === subset)
    ?.figures.find((one) => one.metric === name);
  if (!figure) return <span className="text-muted-foreground">{subset === 'TEST' ? 'sealed' : '–'}</span>;
  const { value, low, high } = figure;
  return (
    <span className="whitespace-nowrap tabular-nums">
      {formatMetric(value)}{' '}
      {low != null && high != null && (
        <span className="text-xs text-muted-foreground">{formatInterval([low, high])}</span>
      )}
    </span>
  );
}
