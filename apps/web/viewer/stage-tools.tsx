'use client';
/** Zoom, the whole slide, rotate, full screen, and a snapshot as PNG. */
import { Camera, House, Maximize, Minimize, Minus, Plus, RotateCw } from 'lucide-react';
import { type ReactNode, type RefObject, useSyncExternalStore } from 'react';
import { describeError } from '../api/error-sentence.ts';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';
import type { LiveValue } from './live-value.ts';
import type { Stage, StageView } from './open-stage.ts';
import { saveSnapshot } from './save-snapshot.ts';

type StageToolsProps = {
  stage: Stage;
  /** What fills the screen. */
  frame: RefObject<HTMLElement | null>;
  title: string;
  view: LiveValue<StageView | null>;
  micronsPerPixel: number | null;
};

const ZOOM_STEP = 1.6;
const QUARTER_TURN = 90;

export function StageTools({ stage, frame, title, view, micronsPerPixel }: StageToolsProps) {
  const fillsScreen = useFillsScreen(frame);
  const fillScreen = () => {
    const done = fillsScreen ? document.exitFullscreen() : frame.current?.requestFullscreen();
    done?.catch((error: unknown) => toast.error(`The screen cannot be filled: ${describeError(error)}`));
  };
  const snap = () =>
    saveSnapshot({ stage, title, zoom: view.read()?.zoom ?? 1, micronsPerPixel }).catch((error: unknown) =>
      toast.error(`No snapshot could be taken: ${describeError(error)}`),
    );
  return (
    <div role="toolbar" aria-label={`Tools, ${title}`} className="absolute top-2 left-2 flex flex-col gap-1">
      <Tool label="Zoom in" onClick={() => stage.zoomBy(ZOOM_STEP)}>
        <Plus />
      </Tool>
      <Tool label="Zoom out" onClick={() => stage.zoomBy(1 / ZOOM_STEP)}>
        <Minus />
      </Tool>
      <Tool label="Show the whole slide" onClick={stage.showAll}>
        <House />
      </Tool>
      <Tool label="Rotate" onClick={() => stage.turnBy(QUARTER_TURN)}>
        <RotateCw />
      </Tool>
      <Tool label={fillsScreen ? 'Leave full screen' : 'Full screen'} onClick={fillScreen}>
        {fillsScreen ? <Minimize /> : <Maximize />}
      </Tool>
      <Tool label="Save a snapshot" onClick={() => void snap()}>
        <Camera />
      </Tool>
    </div>
  );
}

/** Esc and the browser's own ways out are told of as the button is. */
function useFillsScreen(frame: RefObject<HTMLElement | null>): boolean {
  return useSyncExternalStore(
    followFullScreen,
    () => document.fullscreenElement !== null && document.fullscreenElement === frame.current,
    () => false,
  );
}

function followFullScreen(onChange: () => void): () => void {
  document.addEventListener('fullscreenchange', onChange);
  return () => document.removeEventListener('fullscreenchange', onChange);
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Button size="icon" aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  );
}
