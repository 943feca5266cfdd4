'use client';
/** Which curve has which colour, its value under the cursor or its last one, and a click that hides it or all others. */
import { useChartPalette } from '../use-chart-palette.ts';
import { useCursorPlace } from './curves-scope.tsx';
import { isolateCurve, toggleCurve } from './hidden-curves.ts';
import { type CurveLine, colorOf, type PlottedCurve, valueAt } from './plotted-curve.ts';

type LegendEntry = Pick<PlottedCurve, 'name' | 'tone' | 'line'> & Partial<Pick<PlottedCurve, 'points'>>;

type CurveLegendProps = {
  entries: readonly LegendEntry[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  /** Values are shown where it is given. */
  format?: (value: number | null | undefined) => string;
};

const HELP = 'Click to hide or show; Alt and click, or a double click, to see only this one';

export function CurveLegend({ entries, hidden, onHidden, format }: CurveLegendProps) {
  const palette = useChartPalette();
  const names = entries.map(({ name }) => name);
  return (
    <ul className="flex flex-wrap gap-x-1 text-xs" aria-label="Legend">
      {entries.map((entry) => {
        const { name, tone, line } = entry;
        const isShown = !hidden.has(name);
        return (
          <li key={name} className="min-w-0">
            <button
              type="button"
              aria-pressed={isShown}
              title={`${name}\n${HELP}`}
              className="inline-flex h-6 max-w-full items-center gap-1 rounded-sm px-1.5 hover:bg-surface-muted"
              onClick={({ altKey }) =>
                onHidden(altKey ? isolateCurve(hidden, { names, name }) : toggleCurve(hidden, name))
              }
              onDoubleClick={() => onHidden(isolateCurve(hidden, { names, name }))}
            >
              <LineSample color={isShown ? colorOf(tone, palette) : palette.line} line={line} />
              <span
                className={
                  isShown ? 'truncate text-muted-foreground' : 'truncate text-muted-foreground line-through'
                }
              >
                {name}
              </span>
              {format && isShown && <LegendValue points={entry.points ?? []} format={format} />}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Which line is which series, in a chart whose colours tell the runs apart. Nothing where all are of one. */
export function LineKey({ curves }: { curves: readonly PlottedCurve[] }) {
  const lines = new Map(curves.flatMap(({ series, line }) => (series ? [[series.name, line] as const] : [])));
  if (lines.size < 2) return null;
  return (
    <ul className="flex flex-wrap gap-x-3 text-xs text-muted-foreground" aria-label="Lines">
      {[...lines].map(([name, line]) => (
        <li key={name} className="inline-flex h-6 max-w-60 items-center gap-1">
          <LineSample color="currentColor" line={line} />
          <span className="truncate">{name}</span>
        </li>
      ))}
    </ul>
  );
}

function LineSample({ color, line = 'solid' }: { color: string; line?: CurveLine | undefined }) {
  return (
    <span
      aria-hidden
      className="inline-block h-0 w-4 shrink-0 border-t-2"
      style={{ borderColor: color, borderStyle: line }}
    />
  );
}

type LegendValueProps = Required<Pick<LegendEntry, 'points'>> & Required<Pick<CurveLegendProps, 'format'>>;

function LegendValue({ points, format }: LegendValueProps) {
  const place = useCursorPlace();
  const value = place === null ? points.at(-1)?.value : valueAt(points, place);
  return <span className="font-semibold">{format(value)}</span>;
}
