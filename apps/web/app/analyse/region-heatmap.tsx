'use client';
/** A region or slide under what the model says of it; under the pointer, the probability of the patch. */
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { AnalysedFile } from '../../analyser/messages.ts';
import { formatCount, formatMetric } from '../../format/format-number.ts';
import { ColorScale } from '../../tissue/color-scale.tsx';
import { type SlideColors, useSlideColors } from '../../tissue/use-slide-colors.ts';
import { Card } from '../../ui/card.tsx';
import { Slider } from '../../ui/slider.tsx';
import { paintProbabilities } from '../../viewer/cell-images.ts';

type RegionHeatmapProps = { file: AnalysedFile; threshold: number; positiveClass: string };

const FIRST_OPACITY = 0.55;

export function RegionHeatmap({ file, threshold, positiveClass }: RegionHeatmapProps) {
  const colors = useSlideColors();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const [opacity, setOpacity] = useState(FIRST_OPACITY);
  const [pointed, setPointed] = useState<string | null>(null);
  const places = useMemo(() => new Map([...file.cells].map((cell, at) => [cell, at])), [file]);
  const { overview } = file;
  useEffect(() => {
    const context = canvasRef.current?.getContext('2d');
    if (!context || !overview || !colors) return;
    draw(context, file, { overview, colors, threshold, opacity });
  }, [file, overview, colors, threshold, opacity]);
  if (!overview) return null;
  function point({ currentTarget, clientX, clientY }: PointerEvent<HTMLCanvasElement>) {
    const box = currentTarget.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * file.widthPx;
    const y = ((clientY - box.top) / box.height) * file.heightPx;
    setPointed(describePlace(file, places, { x, y }));
  }
  return (
    <Card
      title={file.path}
      note={describePatches(file)}
      actions={
        <span className="flex items-center gap-2 text-xs text-muted-foreground">
          Heatmap
          <Slider
            value={opacity}
            onChange={setOpacity}
            label="Opacity of the heatmap"
            valueText={`${Math.round(opacity * 100)} %`}
          />
        </span>
      }
    >
      <div className="flex flex-col gap-3">
        <canvas
          ref={canvasRef}
          width={overview.width}
          height={overview.height}
          role="img"
          aria-label={`Heatmap of ${file.path}`}
          className="max-h-[70vh] max-w-full self-center rounded-sm border border-line object-contain"
          onPointerMove={point}
          onPointerLeave={() => setPointed(null)}
        />
        <div className="flex flex-wrap items-center justify-between gap-2">
          <ColorScale positiveClass={positiveClass} threshold={threshold} />
          <p className="text-xs text-muted-foreground tabular-nums">
            {pointed ?? 'Point at the picture to read a probability.'}
          </p>
        </div>
      </div>
    </Card>
  );
}

function describePatches({ cells, glass, left }: AnalysedFile): string {
  const patches = `${formatCount(cells.length)} patches`;
  const parts = [
    glass > 0 ? `${formatCount(glass)} left out as glass` : [],
    left > 0 ? `${formatCount(left)} not reached before it was cancelled` : [],
  ];
  return [patches, ...parts.flat()].join(', ');
}

type Drawn = { overview: ImageBitmap; colors: SlideColors; threshold: number; opacity: number };

function draw(
  context: CanvasRenderingContext2D,
  file: AnalysedFile,
  { overview, colors, threshold, opacity }: Drawn,
): void {
  const { columns, rows, cells, stepPx, widthPx, probabilities } = file;
  const pixels = paintProbabilities(
    {
      cellPx: 1,
      columns,
      rows,
      x: Array.from(cells, (cell) => cell % columns),
      y: Array.from(cells, (cell) => Math.floor(cell / columns)),
      probabilities: Array.from(probabilities),
      threshold,
    },
    colors,
  );
  const layer = new OffscreenCanvas(columns, rows);
  layer.getContext('2d')?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  const scale = overview.width / widthPx;
  context.globalAlpha = 1;
  context.drawImage(overview, 0, 0);
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = false;
  context.drawImage(layer, 0, 0, columns * stepPx * scale, rows * stepPx * scale);
}

function describePlace(
  { columns, rows, stepPx, probabilities }: AnalysedFile,
  places: ReadonlyMap<number, number>,
  { x, y }: { x: number; y: number },
): string {
  const [column, row] = [Math.floor(x / stepPx), Math.floor(y / stepPx)];
  const place = `x ${formatCount(Math.round(x))}, y ${formatCount(Math.round(y))}`;
  const at = column < columns && row < rows ? places.get(row * columns + column) : undefined;
  return at === undefined ? `${place}: no patch` : `${place}: probability ${formatMetric(probabilities[at])}`;
}
