/** Fetches the next page of a list. */
import { formatCount } from '../format/format-number.ts';
import { Button } from '../ui/button.tsx';

type PagerButtonProps = { shown: number; total: number; noun: string; onMore: () => unknown };

export function PagerButton({ shown, total, noun, onMore }: PagerButtonProps) {
  if (shown >= total) return null;
  return (
    <div className="flex items-center justify-center gap-3 border-t border-line p-3 text-xs text-muted-foreground">
      {formatCount(shown)} of {formatCount(total)} {noun}
      <Button size="sm" onClick={() => onMore()}>
        Show more
      </Button>
    </div>
  );
}
