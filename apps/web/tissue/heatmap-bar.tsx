/** The opacity of the heatmap over the tissue, and what its colours mean. */
import { Slider } from '../ui/slider.tsx';
import { ColorScale } from './color-scale.tsx';

type HeatmapBarProps = {
  opacity: number;
  onOpacityChange: (opacity: number) => void;
  positiveClass: string;
  /** Null before the run has one. */
  threshold: number | null;
};

export function HeatmapBar(props: HeatmapBarProps) {
  const { opacity, onOpacityChange, positiveClass, threshold } = props;
  return (
    <>
      <span className="flex items-center gap-2 text-xs text-muted-foreground">
        Heatmap opacity
        <Slider value={opacity} onChange={onOpacityChange} label="Heatmap opacity" />
      </span>
      <ColorScale positiveClass={positiveClass} threshold={threshold} />
    </>
  );
}
