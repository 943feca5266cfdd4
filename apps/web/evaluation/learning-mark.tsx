/** The mark of a run that did not learn: the API's words, wherever the run is named. Nothing of any other run. */
import { Activity } from 'lucide-react';
import type { LearningFigureFragment } from '../graphql/generated/graphql.ts';
import { classNames } from '../ui/class-names.ts';

type LearningMarkProps = {
  learning: LearningFigureFragment | null | undefined;
  /** Shows two words, for narrow table cells, and the rest on hover. */
  short?: boolean;
  className?: string;
};

export function LearningMark({ learning, short = false, className }: LearningMarkProps) {
  if (learning?.state !== 'NOT_LEARNED') return null;
  const [words, rest] = learning.title.split(/(?=:)/);
  return (
    <span
      title={`${learning.title}. ${learning.reason}`}
      className={classNames(
        'inline-flex items-center gap-1 rounded-sm border border-caution px-1.5 text-xs font-semibold text-caution',
        short ? 'whitespace-nowrap' : 'py-0.5',
        className,
      )}
    >
      <Activity className="size-3.5 shrink-0" aria-hidden />
      <span>
        {words}
        <span className={short ? 'sr-only' : undefined}>{rest}</span>
      </span>
    </span>
  );
}
