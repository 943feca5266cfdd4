/**
 * Which squares of a picture a model is asked about, and from which level they are read: of the patches' size at the
 * model's scale, wholly on the picture, from its corner on. As an import cuts slides, so that both ask about the same. Pure.
 */

/** A slide's own scale may be this much coarser than the model's: scanners say 0.2525 and mean 0.25. */
const ENLARGED_MAX = 1.05;
const ROUNDING = 1e-6;

type Level = { width: number; height: number; downsample: number };

type TileRules = {
  patchSizePx: number;
  /** Share of a patch's side. */
  stride: number;
  /** Null where nothing is known: then pixels are taken as they are. */
  modelMicronsPerPixel: number | null;
  imageMicronsPerPixel: number | null;
};

export type TilePlan = {
  columns: number;
  rows: number;
  /** In pixels of the finest level, which need not be whole. */
  sidePx: number;
  stepPx: number;
  level: number;
};

/** Or the end of a sentence on why the picture cannot be asked about. */
export function layTiles(
  levels: readonly [Level, ...Level[]],
  rules: TileRules,
): TilePlan | { refusal: string } {
  const { patchSizePx, stride, modelMicronsPerPixel: model, imageMicronsPerPixel: image } = rules;
  const scale = model === null || image === null ? 1 : model / image;
  if (scale * ENLARGED_MAX < 1)
    return {
      refusal: `has ${format(image)} µm per pixel at its finest; the model needs ${format(model)}, which would be made up.`,
    };
  const [{ width, height }] = levels;
  const sidePx = patchSizePx * scale;
  const stepPx = Math.max(1, Math.round(patchSizePx * stride)) * scale;
  const count = (length: number) => Math.max(0, Math.floor((length - sidePx) / stepPx + ROUNDING) + 1);
  const [columns, rows] = [count(width), count(height)];
  if (columns * rows === 0)
    return {
      refusal: `has ${format(width)} × ${format(height)} px: a patch of the model covers ${format(sidePx)} × ${format(sidePx)}.`,
    };
  return { columns, rows, sidePx, stepPx, level: chooseLevel(levels, scale) };
}

/** The whole pixels of a level that a square shows: each of its edges is off by half of one at most. */
export function placeOnLevel(
  { x, y, side }: { x: number; y: number; side: number },
  { downsample, width, height }: Level,
): { x: number; y: number; side: number } {
  const size = Math.max(1, Math.min(Math.round(side / downsample), width, height));
  const place = (at: number, length: number) => Math.min(Math.round(at / downsample), length - size);
  return { x: place(x, width), y: place(y, height), side: size };
}

/** The coarsest level from which a patch is made smaller, or hardly larger. */
function chooseLevel(levels: readonly Level[], scale: number): number {
  return Math.max(
    0,
    levels.findLastIndex(({ downsample }) => downsample <= scale * ENLARGED_MAX),
  );
}

function format(value: number | null): string {
  return (value ?? 0).toLocaleString('en', { maximumFractionDigits: 4 });
}
