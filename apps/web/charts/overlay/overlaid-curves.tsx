'use client';
/** The curves of several runs over one another, a chart a metric: by epoch, step or time, each run or each setting as one. */
import { type ReactNode, useMemo, useState } from 'react';
import type { RunCurvesFragment } from '../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { LabeledCheckbox, Select } from '../../ui/field.tsx';
import { CurveLegend } from '../curves/curve-legend.tsx';
import type { CurveAxis } from '../curves/curve-option.ts';
import { CurvesScopeProvider } from '../curves/curves-scope.tsx';
import { CurveSections } from '../panels/curve-sections.tsx';
import { groupSources } from '../panels/group-sources.ts';
import { type CurveSource, listNames, plotPanels } from '../panels/plot-panels.ts';
import { useChartArrangement } from '../panels/use-chart-arrangement.ts';
import { CURVE_ALIGNMENTS, type CurveAlignment, measureReach } from './align-curves.ts';
import { type OverlaidRun, readSources } from './read-curves.ts';

type OverlaidCurvesProps = {
  runs: readonly OverlaidRun[];
  curves: readonly RunCurvesFragment[];
  /** Whose arrangement of charts holds. */
  experimentId: string;
  positiveClass: string;
  units: string;
  /** The least number of epochs that the axis shows. */
  epochs: number;
};

export function OverlaidCurves(props: OverlaidCurvesProps) {
  return (
    <CurvesScopeProvider>
      <Overlay {...props} />
    </CurvesScopeProvider>
  );
}

function Overlay({ runs, curves, experimentId, positiveClass, units, epochs }: OverlaidCurvesProps) {
  const [withTraining, setWithTraining] = useState(false);
  const [isGrouped, setGrouped] = useState(false);
  const [alignment, setAlignment] = useState<CurveAlignment>('epoch');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const catalogue = useMetricCatalogue();
  const arranged = useChartArrangement(experimentId);
  const { layout } = arranged;
  const single = useMemo(() => readSources(runs, { curves, alignment }), [runs, curves, alignment]);
  const sources: CurveSource[] = useMemo(
    () => (isGrouped ? groupSources(single) : single),
    [single, isGrouped],
  );
  const sections = useMemo(() => {
    const naming = { catalogue, positiveClass, units };
    return plotPanels({ sources, naming, layout, withTraining });
  }, [sources, catalogue, positiveClass, units, layout, withTraining]);
  const axis = useMemo(() => chooseAxis(single, { alignment, epochs }), [single, alignment, epochs]);
  const canGroup = new Set(single.map(({ setting }) => setting)).size < single.length;
  const entries = sources.flatMap(({ run }) => (run ? [{ name: run.name, tone: run.tone }] : []));
  if (sections.length === 0) {
    return <p className="text-sm text-muted-foreground">No epochs yet. Curves appear as epochs finish.</p>;
  }
  return (
    <CurveSections
      sections={sections}
      arranged={arranged}
      axis={axis}
      names={listNames(sources)}
      units={units}
      columns={2}
      sharedHidden={hidden}
      describe={(title) => `${title} of every run by ${AXIS_NAMES[alignment]}`}
      tools={
        <>
          <Tick label="with TRAIN (dashed)" ticked={withTraining} onTick={setWithTraining} />
          {canGroup && <Tick label="seeds and folds as bands" ticked={isGrouped} onTick={setGrouped} />}
          <AlignmentChoice value={alignment} onChange={setAlignment} />
        </>
      }
      legend={
        <Legend
          note={isGrouped ? 'Mean of the runs of a setting, with one standard deviation around it.' : null}
        >
          <CurveLegend entries={entries} hidden={hidden} onHidden={setHidden} />
        </Legend>
      }
    />
  );
}

function Legend({ note, children }: { note: string | null; children: ReactNode }) {
  return (
    <div className="flex max-h-28 flex-wrap items-center gap-x-3 overflow-y-auto text-xs text-muted-foreground">
      {children}
      {note}
    </div>
  );
}

function chooseAxis(
  sources: readonly CurveSource[],
  { alignment, epochs }: { alignment: CurveAlignment; epochs: number },
): CurveAxis {
  const reach = measureReach(sources.flatMap(({ curves }) => curves));
  if (alignment === 'epoch') return { name: 'epoch', min: 1, max: Math.max(2, epochs, reach), by: 'epoch' };
  return { name: AXIS_NAMES[alignment], min: 0, max: reach, by: alignment === 'step' ? 'step' : undefined };
}

type TickProps = { label: string; ticked: boolean; onTick: (ticked: boolean) => void };

function Tick({ label, ticked, onTick }: TickProps) {
  return (
    <LabeledCheckbox
      label={label}
      className="text-xs"
      checked={ticked}
      onChange={(event) => onTick(event.target.checked)}
    />
  );
}

type AlignmentChoiceProps = { value: CurveAlignment; onChange: (alignment: CurveAlignment) => void };

function AlignmentChoice({ value, onChange }: AlignmentChoiceProps) {
  return (
    <Select
      aria-label="Align curves by"
      className="h-7 w-32 text-xs"
      value={value}
      onChange={(event) => onChange(CURVE_ALIGNMENTS.find((one) => one === event.target.value) ?? 'epoch')}
    >
      <option value="epoch">by epoch</option>
      <option value="step">by step</option>
      <option value="time">by time</option>
    </Select>
  );
}

const AXIS_NAMES: Record<CurveAlignment, string> = {
  epoch: 'epoch',
  step: 'optimizer step',
  time: 'seconds of training',
};
