/** The unmistakable mark of splits that leak (by patch, or with a failed leakage audit), and of runs on them. */
import { TriangleAlert } from 'lucide-react';
import { classNames } from '../ui/class-names.ts';

const SENTENCE = 'test data seen in training';

/** `short` shows only the word, for narrow table cells, and the rest on hover. */
export function UnsafeMark({ short = false, className }: { short?: boolean; className?: string }) {
  return (
    <span
      title={`UNSAFE: ${SENTENCE}. Patches that belong together, or copies of a patch, lie on both sides. Figures from this split are inflated and no run on it can be promoted.`}
      className={classNames(
        'hatched inline-flex items-center gap-1 rounded-sm border-2 border-danger px-1.5 text-xs font-bold text-danger',
        !short && 'py-0.5',
        className,
      )}
    >
      <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
      <span>
        UNSAFE
        <span className={short ? 'sr-only' : 'font-semibold'}> · {SENTENCE}</span>
      </span>
    </span>
  );
}
