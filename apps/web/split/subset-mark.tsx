/** TRAIN, VALIDATION or TEST in its colour, the same on every page. */
import type { Subset } from '../graphql/generated/graphql.ts';
import { classNames } from '../ui/class-names.ts';

export const SUBSET_FILL: Record<Subset, string> = {
  TRAIN: 'bg-train',
  VALIDATION: 'bg-validation',
  TEST: 'bg-test',
};

export function SubsetMark({ subset }: { subset: Subset }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-xs font-semibold tracking-wide whitespace-nowrap">
      <span className={classNames('size-2.5 rounded-[2px]', SUBSET_FILL[subset])} aria-hidden />
      {subset}
    </span>
  );
}
