'use client';
/** The edge of a column that is dragged, or moved by arrow keys, to make it wider. */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

const STEP_PX = 16;

type ResizeHandleProps = {
  title: string;
  widthPx: number;
  /** While it is dragged. */
  onDrag: (widthPx: number) => void;
  onDone: (widthPx: number) => void;
};

export function ResizeHandle({ title, widthPx, onDrag, onDone }: ResizeHandleProps) {
  const begin = useRef<{ x: number; widthPx: number } | null>(null);
  const reach = ({ clientX }: PointerEvent) =>
    begin.current === null ? widthPx : begin.current.widthPx + clientX - begin.current.x;

  function press(event: KeyboardEvent) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    onDone(widthPx + (event.key === 'ArrowRight' ? STEP_PX : -STEP_PX));
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule between paragraphs is no edge that can be moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuenow={widthPx}
      tabIndex={0}
      className="absolute inset-y-0 right-0 w-1.5 cursor-col-resize touch-none hover:bg-accent/40 focus-visible:bg-accent"
      onKeyDown={press}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        begin.current = { x: event.clientX, widthPx };
      }}
      onPointerMove={(event) => begin.current && onDrag(reach(event))}
      onPointerUp={(event) => {
        if (begin.current) onDone(reach(event));
        begin.current = null;
      }}
      onPointerCancel={() => {
        if (begin.current) onDone(begin.current.widthPx);
        begin.current = null;
      }}
    />
  );
}
