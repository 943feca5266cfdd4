/** The view as it is seen, with its layers, a scale bar and what it shows, as a PNG file. */
import { nameFile, saveFile } from '../ui/save-file.ts';
import type { Stage } from './open-stage.ts';
import { chooseScaleBar, describeMagnification } from './slide-measures.ts';

type Snapshot = { stage: Stage; title: string; zoom: number; micronsPerPixel: number | null };

const CAPTION_PX = 30;
const INSET_PX = 10;
const WIDEST_PX = 140;

export async function saveSnapshot({ stage, title, zoom, micronsPerPixel }: Snapshot): Promise<void> {
  const picture = stage.picture();
  if (!picture) throw new Error('the slide is not drawn on a canvas.');
  const ratio = window.devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height + CAPTION_PX * ratio;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser gives no canvas.');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  context.drawImage(stage.overlay.picture(), 0, 0, picture.width, picture.height);
  context.scale(ratio, ratio);
  drawCaption(context, { title, zoom, micronsPerPixel, top: picture.height / ratio });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the browser made no PNG.');
  saveFile(blob, nameFile(title, 'png'));
}

function drawCaption(
  context: CanvasRenderingContext2D,
  { title, zoom, micronsPerPixel, top }: Omit<Snapshot, 'stage'> & { top: number },
): void {
  const bar = chooseScaleBar({ zoom, micronsPerPixel }, WIDEST_PX);
  const baseline = top + (2 * CAPTION_PX) / 3;
  context.fillStyle = 'black';
  context.font = '13px sans-serif';
  context.fillRect(INSET_PX, baseline - 3, bar.widthPx, 3);
  const words = `${bar.text} · ${describeMagnification({ zoom, micronsPerPixel })} · ${title}`;
  context.fillText(words, 2 * INSET_PX + bar.widthPx, baseline);
}
