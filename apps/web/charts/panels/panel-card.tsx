'use client';
/** One chart in its place: moved by dragging its handle or by arrow keys on it, hidden, changed or removed by its menu. */
import { EllipsisVertical, GripVertical } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { CurveChart } from '../curves/curve-chart.tsx';
import type { CurveAxis } from '../curves/curve-option.ts';
import { formatCurveValue } from '../curves/curve-panels.ts';
import { changePanel, movePanel, removePanel } from './layout-edits.ts';
import { PanelDialog } from './panel-dialog.tsx';
import type { PlottedPanel } from './plot-panels.ts';
import type { Arranged } from './use-chart-arrangement.ts';

export type PanelFrame = {
  axis: CurveAxis;
  bestEpoch?: number | null;
  isLive?: boolean;
  /** Runs that one legend hides in all charts. */
  sharedHidden?: ReadonlySet<string>;
  /** What a chart of this title shows, for screen readers. */
  describe: (title: string) => string;
};

type PanelCardProps = PanelFrame & {
  panel: PlottedPanel;
  /** The keys of its section in their order, and those of them that are shown. */
  standing: readonly string[];
  shown: readonly PlottedPanel[];
  arranged: Arranged;
  names: readonly string[];
  onMoved: (sentence: string) => void;
};

/** Of what is dragged; other drags over a chart are none of its business. */
const DRAGGED = 'application/x-microtome-panel';

export function PanelCard({
  panel,
  standing,
  shown,
  arranged,
  names,
  onMoved,
  describe,
  ...frame
}: PanelCardProps) {
  const { key, title, curves, kind } = panel;
  const { change } = arranged;
  const format = useCallback((value: number | null | undefined) => formatCurveValue(panel, value), [panel]);
  const onLog = useCallback(
    (isLog: boolean) => change((layout) => changePanel(layout, { standing, key, change: { isLog } })),
    [change, standing, key],
  );
  const keys = shown.map((one) => one.key);
  function move(to: string | undefined) {
    if (to === undefined) return;
    change((layout) => movePanel(layout, { standing, key, to }));
    onMoved(`${title}, place ${keys.indexOf(to) + 1} of ${keys.length}`);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handle is what is moved, by keys too; this is where it is dropped
    <div
      className="min-w-0"
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={(event) => {
        const dragged = readDragged(event, standing);
        if (dragged) change((layout) => movePanel(layout, { standing, key: dragged, to: key }));
      }}
    >
      <CurveChart
        {...frame}
        title={title}
        label={describe(title)}
        curves={curves}
        format={format}
        hasUnit={kind === 'machine'}
        isLog={panel.isLog}
        onLog={onLog}
        emptyText={panel.added ? 'No series of these names is here.' : undefined}
        actions={
          arranged.mayChange && (
            <PanelActions
              panel={panel}
              keys={keys}
              standing={standing}
              arranged={arranged}
              names={names}
              onMove={move}
            />
          )
        }
      />
    </div>
  );
}

/** A chart of the same section; null for anything else. */
function readDragged(event: DragEvent, standing: readonly string[]): string | null {
  const key = event.dataTransfer.getData(DRAGGED);
  if (!standing.includes(key)) return null;
  event.preventDefault();
  return key;
}

type PanelActionsProps = Pick<PanelCardProps, 'panel' | 'standing' | 'arranged' | 'names'> & {
  keys: readonly string[];
  onMove: (to: string | undefined) => void;
};

function PanelActions(props: PanelActionsProps) {
  const { panel, standing, arranged, names } = props;
  const { key, title, added } = panel;
  const [isChanging, setChanging] = useState(false);
  return (
    <span className="flex items-center">
      <PanelHandle {...props} />
      <PanelMenu {...props} onChange={() => setChanging(true)} />
      {added && (
        <PanelDialog
          title={`Change ${title}`}
          open={isChanging}
          onOpenChange={setChanging}
          names={names}
          first={added}
          onDone={(change) => arranged.change((layout) => changePanel(layout, { standing, key, change }))}
        />
      )}
    </span>
  );
}

function PanelHandle({ panel: { key, title }, keys, onMove }: PanelActionsProps) {
  const handle = useRef<HTMLButtonElement>(null);
  const wasMoved = useRef(false);
  const place = keys.indexOf(key);
  // A place that changes takes the focus from the handle.
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be done when the place has changed
  useEffect(() => {
    if (wasMoved.current) handle.current?.focus();
    wasMoved.current = false;
  }, [place]);
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    wasMoved.current = keys[place + step] !== undefined;
    onMove(keys[place + step]);
  }
  return (
    <button
      ref={handle}
      type="button"
      draggable
      aria-label={`Move ${title}`}
      title="Drag to another place, or use arrow keys"
      className="inline-flex size-6 cursor-grab items-center justify-center rounded-md text-muted-foreground hover:bg-surface-muted"
      onDragStart={({ dataTransfer }) => {
        dataTransfer.setData(DRAGGED, key);
        dataTransfer.effectAllowed = 'move';
      }}
      onKeyDown={onKeyDown}
    >
      <GripVertical className="size-3.5" aria-hidden />
    </button>
  );
}

function PanelMenu({
  panel,
  keys,
  standing,
  arranged,
  onMove,
  onChange,
}: PanelActionsProps & { onChange: () => void }) {
  const { key, title, added } = panel;
  const place = keys.indexOf(key);
  const hide = () =>
    arranged.change((layout) => changePanel(layout, { standing, key, change: { isHidden: true } }));
  return (
    <Menu
      trigger={
        <Button
          look="ghost"
          size="bare"
          className="size-6 text-muted-foreground"
          aria-label={`Arrange ${title}`}
        >
          <EllipsisVertical className="size-3.5!" />
        </Button>
      }
    >
      <MenuItem disabled={place <= 0} onSelect={() => onMove(keys[place - 1])}>
        Move before
      </MenuItem>
      <MenuItem disabled={place >= keys.length - 1} onSelect={() => onMove(keys[place + 1])}>
        Move behind
      </MenuItem>
      {added ? (
        <>
          <MenuItem onSelect={onChange}>Change …</MenuItem>
          <MenuItem onSelect={() => arranged.change((layout) => removePanel(layout, key))}>Remove</MenuItem>
        </>
      ) : (
        <MenuItem onSelect={hide}>Hide</MenuItem>
      )}
    </Menu>
  );
}
