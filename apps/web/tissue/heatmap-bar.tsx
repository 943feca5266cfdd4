/** The opacity of the heatmap over the tissue, and what its colours mean. */
import { Slider } from '../ui/slider.tsx';
import { HEATMAP_STOPS } from './heatmap-stops.ts';

type HeatmapBarProps = {
  opacity: number;
  onOpacityChange: (opacity: number) => void;
  positiveClass: string;
  /** Of the slider, where two are on the page. */
  label?: string;
};

export function HeatmapBar(props: HeatmapBarProps) {
  const { opacity, onOpacityChange, positiveClass, label = 'Heatmap opacity' } = props;
  return (
    <>
      <span className="flex items-center gap-2 text-xs text-muted-foreground">
        Heatmap opacity
        <Slider value={opacity} onChange={onOpacityChange} label={label} />
      </span>
      <ColorScale positiveClass={positiveClass} />
    </>
  );
}

/** Probability of the positive class from 0 to 1. */
function ColorScale({ positiveClass }: { positiveClass: string }) {
  return (
    <span className="flex items-center gap-2 text-xs text-muted-foreground">
      probability of {positiveClass}
      <span className="flex items-center gap-1.5">
        0
        <span
          role="img"
          aria-label="Colour scale from 0 to 1"
          className="h-3 w-32 rounded-sm border border-line"
          style={{ background: `linear-gradient(to right, ${HEATMAP_STOPS.join(', ')})` }}
        />
        1
      </span>
    </span>
  );
}
