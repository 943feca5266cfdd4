/** One side of a task in its colour, the same in every chart. */
import { classNames } from '../ui/class-names.ts';

export function ClassMark({ isPositive, name }: { isPositive: boolean; name: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-xs font-semibold">
      <span
        className={classNames('size-2.5 rounded-full', isPositive ? 'bg-positive' : 'bg-negative')}
        aria-hidden
      />
      {name}
    </span>
  );
}
