/** The switches of the layers, how strongly they cover the tissue, and what their colours mean. */
import type { ReactNode } from 'react';
import { formatCount } from '../format/format-number.ts';
import { ColorScale } from '../tissue/color-scale.tsx';
import type { SlideColors } from '../tissue/use-slide-colors.ts';
import { LabeledCheckbox } from '../ui/field.tsx';
import { Slider } from '../ui/slider.tsx';
import type { SlideGrid, SlideOutline } from './slide-grid.ts';
import type { SlideLayer } from './slide-scene.ts';

const TITLES: Record<SlideLayer, string> = {
  probability: 'Probability',
  context: 'In context',
  own: 'Patch alone',
  called: 'Called',
  truth: 'Truth',
  outlines: 'Outlines',
  errors: 'Errors',
  difference: 'Difference',
};

/** Of the classes that outlines of one kind have. */
const CLASSES_SHOWN = 4;

type LayerBarProps = {
  available: readonly SlideLayer[];
  layers: readonly SlideLayer[];
  onLayersChange: (layers: SlideLayer[]) => void;
  opacity: number;
  onOpacityChange: (opacity: number) => void;
  positiveClass: string;
  outlines: readonly SlideOutline[];
  /** Of each run that is shown. */
  grids: readonly SlideGrid[];
  colors: SlideColors | undefined;
};

export function LayerBar(props: LayerBarProps) {
  const {
    available,
    layers,
    onLayersChange,
    opacity,
    onOpacityChange,
    positiveClass,
    grids,
    outlines,
    colors,
  } = props;
  if (available.length === 0) return null;
  const isShown = (layer: SlideLayer) => available.includes(layer) && layers.includes(layer);
  const [only] = grids.length === 1 ? grids : [];
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-5 gap-y-2">
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
        <legend className="sr-only">Layers</legend>
        {available.map((layer) => (
          <LabeledCheckbox
            key={layer}
            label={TITLES[layer]}
            checked={layers.includes(layer)}
            onChange={({ target }) =>
              onLayersChange(target.checked ? [...layers, layer] : layers.filter((one) => one !== layer))
            }
          />
        ))}
      </fieldset>
      {grids.length > 0 && (
        <span className="flex items-center gap-2 text-xs text-muted-foreground">
          Opacity
          <Slider value={opacity} onChange={onOpacityChange} label="Opacity of the layers" />
        </span>
      )}
      {(['probability', 'context', 'own'] as const).map(
        (layer) =>
          isShown(layer) && (
            <ColorScale key={layer} positiveClass={positiveClass} threshold={findThreshold(only, layer)} />
          ),
      )}
      {isShown('difference') && <DifferenceScale colors={colors} />}
      <span className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {isShown('called') && <Swatch color={colors?.called}>called {positiveClass}</Swatch>}
        {isShown('truth') && (
          <Swatch color={colors?.positive} dashed>
            is {positiveClass}
          </Swatch>
        )}
        {isShown('outlines') && <OutlineRoles outlines={outlines} colors={colors} />}
        {isShown('errors') && <Outcomes colors={colors} grid={only} />}
      </span>
    </div>
  );
}

/** Each reading has a threshold of its own. */
function findThreshold(grid: SlideGrid | undefined, layer: 'probability' | 'context' | 'own'): number | null {
  if (!grid) return null;
  return (layer === 'probability' ? grid : grid[layer])?.threshold ?? null;
}

function OutlineRoles({ outlines, colors }: Pick<LayerBarProps, 'outlines' | 'colors'>) {
  const classesOf = (role: SlideOutline['role']) => {
    const ofRole = outlines.filter((outline) => outline.role === role);
    const named = [...new Set(ofRole.map(({ className }) => className ?? 'no class'))];
    if (named.length === 0) return null;
    const shown = named.slice(0, CLASSES_SHOWN).join(', ');
    return named.length > CLASSES_SHOWN ? `${shown} …` : shown;
  };
  const [inside, holes, others] = [classesOf('POSITIVE'), classesOf('HOLE'), classesOf('OTHER')];
  return (
    <>
      {inside && (
        <Swatch color={colors?.positive} hollow>
          drawn: {inside}
        </Swatch>
      )}
      {holes && (
        <Swatch color={colors?.otherOutline} dashed>
          cut out: {holes}
        </Swatch>
      )}
      {others && (
        <Swatch color={colors?.otherOutline} hollow>
          drawn, not looked for: {others}
        </Swatch>
      )}
    </>
  );
}

function Outcomes({ colors, grid }: { colors: SlideColors | undefined; grid: SlideGrid | undefined }) {
  const count = (value: number | undefined) => (value === undefined ? '' : ` ${formatCount(value)}`);
  return (
    <>
      <Swatch color={colors?.truePositive}>TP{count(grid?.truePositive)}</Swatch>
      <Swatch color={colors?.falsePositive}>FP{count(grid?.falsePositive)}</Swatch>
      <Swatch color={colors?.falseNegative}>FN{count(grid?.falseNegative)}</Swatch>
    </>
  );
}

type SwatchProps = { color: string | undefined; dashed?: boolean; hollow?: boolean; children: ReactNode };

function Swatch({ color, dashed = false, hollow = dashed, children }: SwatchProps) {
  return (
    <span className="flex items-center gap-1.5">
      <span
        className="size-3 rounded-[2px] border-2"
        style={{
          borderColor: color,
          borderStyle: dashed ? 'dashed' : 'solid',
          background: hollow ? undefined : color,
        }}
        aria-hidden
      />
      {children}
    </span>
  );
}

function DifferenceScale({ colors }: { colors: SlideColors | undefined }) {
  const stops = colors ? [...colors.less, ...colors.more] : [];
  return (
    <span className="flex items-center gap-1.5 text-xs text-muted-foreground">
      second less first −1
      <span
        role="img"
        aria-label="Colour scale of differences: purple where the second run is lower, green where it is higher"
        className="h-3 w-32 rounded-sm border border-line"
        style={{
          background: stops.length > 1 ? `linear-gradient(to right, ${stops.join(', ')})` : undefined,
        }}
      />
      1
    </span>
  );
}
