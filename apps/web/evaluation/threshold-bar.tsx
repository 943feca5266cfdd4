/** A slider over thresholds, with those that each rule chooses on VALIDATION. For looking only: nothing is stored. */
import { RotateCcw } from 'lucide-react';
import { formatMetric } from '../format/format-number.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Slider } from '../ui/slider.tsx';
import type { ThresholdExplorer } from './use-threshold-explorer.ts';

type ThresholdBarProps = {
  explorer: ThresholdExplorer;
  threshold: number;
  /** A subset, or an exam by its name. */
  subset: string;
  /** On what the rules choose, and what becomes of a threshold that is tried out. */
  notes?: { resting: string; exploring: string };
};

const RULES: Record<string, string> = {
  youden: 'Youden',
  f1: 'largest F1',
  sensitivity: 'target sensitivity',
};

export function ThresholdBar({ explorer, threshold, subset, notes }: ThresholdBarProps) {
  const { points, index, explored, moveTo, reset } = explorer;
  if (points.length === 0) return null;
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-line bg-surface px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <span className="flex items-center gap-2 font-medium">
          Try another threshold <Badge tone="caution">exploratory</Badge>
        </span>
        <Slider
          label={`Exploratory threshold on ${subset}`}
          className="w-56"
          value={index}
          max={points.length - 1}
          step={1}
          valueText={formatMetric(points[index]?.threshold)}
          onChange={moveTo}
        />
        <output className="w-12 font-semibold tabular-nums">{formatMetric(points[index]?.threshold)}</output>
        <span className="flex flex-wrap items-center gap-1.5">
          {points.flatMap((point, at) =>
            point.rules.map((rule) => (
              <Button key={rule} size="sm" aria-pressed={at === index} onClick={() => moveTo(at)}>
                {RULES[rule] ?? rule} {formatMetric(point.threshold)}
              </Button>
            )),
          )}
          {explored && (
            <Button look="ghost" size="sm" onClick={reset}>
              <RotateCcw />
              back to {formatMetric(threshold)}
            </Button>
          )}
        </span>
      </div>
      <p role="status" className={explored ? 'text-xs text-caution' : 'text-xs text-muted-foreground'}>
        {explored
          ? (notes?.exploring ?? describeExploring({ threshold, subset }))
          : (notes?.resting ?? 'The rules choose on VALIDATION. The threshold in use is frozen.')}
      </p>
    </div>
  );
}

function describeExploring({ threshold, subset }: { threshold: number; subset: string }): string {
  const spent =
    subset === 'TEST' ? ' If you pick a threshold by its figures on TEST, you cannot report them.' : '';
  return `Exploratory: nothing is stored and the run keeps ${formatMetric(threshold)}.${spent}`;
}
