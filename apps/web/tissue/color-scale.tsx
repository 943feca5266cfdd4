'use client';
/**
 * What the colours of a heatmap mean: the scale of probabilities from 0 to 1, which has its middle at the threshold and a mark
 * there.
 */
import { formatMetric } from '../format/format-number.ts';
import { useSlideColors } from './use-slide-colors.ts';

type ColorScaleProps = {
  positiveClass: string /** Null where runs with different ones are shown. */;
  threshold: number | null;
};

export function ColorScale({ positiveClass, threshold }: ColorScaleProps) {
  const colors = useSlideColors();
  const mark = threshold === null ? 'threshold' : formatMetric(threshold);
  return (
    <span className="flex items-center gap-2 text-xs text-muted-foreground">
      probability of {positiveClass}
      <span className="flex items-center gap-1.5">
        0
        <span
          role="img"
          aria-label={`Colour scale: blue from 0 up to the threshold ${threshold === null ? '' : formatMetric(threshold)}, orange to red from there to 1`}
          className="relative block pb-3.5"
        >
          <span className="flex h-3 w-40 overflow-hidden rounded-sm border border-line">
            <Half colors={colors?.below} />
            <Half colors={colors?.above} />
          </span>
          <span className="absolute top-0 left-1/2 h-4 w-px bg-foreground" aria-hidden />
          <span className="absolute top-3.5 left-1/2 -translate-x-1/2 text-[0.625rem] leading-3 whitespace-nowrap">
            {mark}
          </span>
        </span>
        1
      </span>
    </span>
  );
}

function Half({ colors = [] }: { colors: readonly string[] | undefined }) {
  const background = colors.length > 1 ? `linear-gradient(to right, ${colors.join(', ')})` : undefined;
  return <span className="h-full flex-1" style={{ background }} />;
}
