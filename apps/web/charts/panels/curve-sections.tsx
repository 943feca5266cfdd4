'use client';
/** The charts of a page in their sections: folded, moved, hidden and added to for all who look at the experiment. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useDeferredValue, useId, useState } from 'react';
import { ChartSection } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import type { CurveAxis } from '../curves/curve-option.ts';
import { CurvesBar } from '../curves/curves-bar.tsx';
import { foldSection } from './layout-edits.ts';
import { PanelCard, type PanelFrame } from './panel-card.tsx';
import { PanelChoices } from './panel-choices.tsx';
import type { PanelSection, PlottedPanel } from './plot-panels.ts';
import type { Arranged } from './use-chart-arrangement.ts';
import { useFinerPanels } from './use-finer-panels.ts';

type CurveSectionsProps = {
  sections: readonly PanelSection[];
  arranged: Arranged;
  axis: CurveAxis;
  /** The names of all series, for panels that are added. */
  names: readonly string[];
  /** What a dataset is split by, in the plural. */
  units: string;
  /** Next to the tools that all charts share. */
  tools?: ReactNode;
  /** Between the tools and the charts. */
  legend?: ReactNode;
  columns?: 2 | 3;
} & Pick<PanelFrame, 'bestEpoch' | 'isLive' | 'sharedHidden' | 'describe'>;

/** Drawn at first of a section: a run may have hundreds. */
const PANELS_AT_FIRST = 24;
/** Of those, what a screen has in sight: they are drawn before the others. */
const PANELS_IN_SIGHT = 9;

const TITLES: Record<ChartSection, (units: string) => string> = {
  OWN: () => 'Added charts',
  MAIN: () => 'Main metrics',
  FURTHER: (units) => `More metrics: calibration and means over ${units}`,
  MACHINE: () => 'Machine: speed, time and memory of each epoch',
};

export function CurveSections(props: CurveSectionsProps) {
  const { sections, arranged, axis, names, units, tools, legend } = props;
  const all = sections.flatMap(({ panels }) => panels);
  return (
    <div className="flex flex-col gap-4">
      <CurvesBar axisName={axis.name}>
        {tools}
        <PanelChoices arranged={arranged} panels={all} names={names} />
      </CurvesBar>
      {legend}
      {sections.map((section) => (
        <Section key={section.section} {...props} section={section} title={TITLES[section.section](units)} />
      ))}
    </div>
  );
}

type SectionProps = CurveSectionsProps & { section: PanelSection; title: string };

function Section({ section: { section, panels }, title, arranged, ...props }: SectionProps) {
  const id = useId();
  const isFolded = arranged.layout.folded.includes(section);
  const shown = panels.filter(({ isHidden }) => !isHidden);
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-2 text-sm font-semibold">
        <button
          type="button"
          aria-expanded={!isFolded}
          className="flex items-center gap-2 text-left"
          onClick={() => arranged.change((layout) => foldSection(layout, section))}
        >
          <ChevronRight
            className={classNames(
              'size-4 text-muted-foreground transition-transform',
              !isFolded && 'rotate-90',
            )}
            aria-hidden
          />
          {title}
          <span className="font-normal text-muted-foreground">{shown.length}</span>
        </button>
      </h2>
      {!isFolded && (
        <PanelGrid
          {...props}
          arranged={arranged}
          panels={shown}
          standing={panels.map(({ key }) => key)}
          bestEpoch={section === ChartSection.Machine ? null : props.bestEpoch}
        />
      )}
    </section>
  );
}

type PanelGridProps = Omit<SectionProps, 'section' | 'title'> & {
  panels: readonly PlottedPanel[];
  standing: readonly string[];
};

function PanelGrid({ panels, standing, arranged, axis, columns = 3, ...frame }: PanelGridProps) {
  const [areAllShown, setAllShown] = useState(false);
  const [spoken, setSpoken] = useState('');
  const wanted = areAllShown ? panels.length : PANELS_AT_FIRST;
  const count = useDeferredValue(wanted, PANELS_IN_SIGHT);
  const drawn = useFinerPanels(count < panels.length ? panels.slice(0, count) : panels, axis);
  const { bestEpoch, isLive, sharedHidden, describe, names } = frame;
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {spoken}
      </p>
      <div className={classNames('grid gap-4 md:grid-cols-2', columns === 3 && 'xl:grid-cols-3')}>
        {drawn.map((panel) => (
          <PanelCard
            key={panel.key}
            panel={panel}
            standing={standing}
            shown={panels}
            arranged={arranged}
            axis={axis}
            bestEpoch={bestEpoch}
            isLive={isLive}
            sharedHidden={sharedHidden}
            describe={describe}
            names={names}
            onMoved={setSpoken}
          />
        ))}
      </div>
      {wanted < panels.length && (
        <Button className="mt-3" onClick={() => setAllShown(true)}>
          Show {panels.length - wanted} more charts
        </Button>
      )}
    </>
  );
}
