'use client';
/** The buttons of one chart: logarithmic axis, full screen, and the files that it can be saved as. */
import { Download, Maximize2 } from 'lucide-react';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';

export type SavedAs = 'png' | 'svg' | 'csv';

type CurveToolsProps = {
  title: string;
  isLog: boolean;
  onLog: (isLog: boolean) => void;
  /** Left out where it is shown large already. */
  onEnlarge?: () => void;
  save: (as: SavedAs) => Promise<void>;
};

const FILES: readonly { as: SavedAs; text: string }[] = [
  { as: 'png', text: 'Picture (PNG)' },
  { as: 'svg', text: 'Picture (SVG)' },
  { as: 'csv', text: 'Numbers (CSV)' },
];

export function CurveTools({ title, isLog, onLog, onEnlarge, save }: CurveToolsProps) {
  const { run, busy } = useAction();
  return (
    <span className="flex items-center gap-0.5">
      <Button
        look="ghost"
        size="bare"
        className="h-6 px-1.5 text-xs text-muted-foreground aria-pressed:bg-accent-soft aria-pressed:text-accent"
        aria-pressed={isLog}
        aria-label={`log axis of ${title}`}
        title="Logarithmic axis"
        onClick={() => onLog(!isLog)}
      >
        log
      </Button>
      {onEnlarge && (
        <Button
          look="ghost"
          size="bare"
          className="size-6 text-muted-foreground"
          aria-label={`Full screen of ${title}`}
          title="Full screen"
          onClick={onEnlarge}
        >
          <Maximize2 className="size-3.5!" />
        </Button>
      )}
      <Menu
        trigger={
          <Button
            look="ghost"
            size="bare"
            className="size-6 text-muted-foreground"
            aria-label={`Save ${title}`}
            title="Save as a file"
            disabled={busy}
          >
            <Download className="size-3.5!" />
          </Button>
        }
      >
        {FILES.map(({ as, text }) => (
          <MenuItem key={as} onSelect={() => void run(() => save(as))}>
            {text}
          </MenuItem>
        ))}
      </Menu>
    </span>
  );
}
