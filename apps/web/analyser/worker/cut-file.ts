/** One dropped file becomes patches of the model's size, one after another, and a place for what is said of them. */
import type { DroppedFile } from '../../files/read-dropped.ts';
import type { AnalysedFile, AnalysisOptions } from '../messages.ts';
import { findTissue, hasTissue, type TissueMap } from '../rules/find-tissue.ts';
import { layTiles, placeOnLevel, type TilePlan } from '../rules/lay-tiles.ts';
import { resampleSquare } from '../rules/resample.ts';
import { FileFault, type PixelSource } from '../source/pixel-source.ts';
import { makeOverview } from './make-overview.ts';

const PATCHES_MAX = 500_000;

export type CutFile = {
  /** Its probabilities are still to be filled in. */
  result: AnalysedFile;
  /** RGB of one of its patches. */
  readPatch(at: number): Promise<Uint8Array>;
};

type CutRequest = {
  dropped: DroppedFile;
  source: PixelSource;
  options: AnalysisOptions;
  patchSizePx: number;
};

/** @throws FileFault */
export async function cutFile(request: CutRequest): Promise<CutFile> {
  const { dropped, source, options, patchSizePx } = request;
  const [{ width, height }] = source.levels;
  const isPatch = source.kind === 'IMAGE' && width === patchSizePx && height === patchSizePx;
  const micronsPerPixel = source.micronsPerPixel ?? options.imageMicronsPerPixel;
  const plan = layTiles(source.levels, {
    patchSizePx,
    stride: options.stride,
    // A patch is shown to the model as it is.
    modelMicronsPerPixel: isPatch ? null : options.modelMicronsPerPixel,
    imageMicronsPerPixel: micronsPerPixel,
  });
  if ('refusal' in plan) throw new FileFault(plan.refusal);
  const overview = isPatch ? null : await makeOverview(source);
  const skipsGlass = options.skipsGlass && source.kind === 'SLIDE' && overview !== null;
  const cells = chooseCells(plan, {
    width,
    height,
    tissue: skipsGlass ? findTissue(overview.pixels, overview) : null,
  });
  if (cells.length > PATCHES_MAX)
    throw new FileFault(
      `becomes ${cells.length.toLocaleString('en')} patches; more than ${PATCHES_MAX.toLocaleString('en')} are for a worker.`,
    );
  const { columns, rows, sidePx, stepPx } = plan;
  const result: AnalysedFile = {
    kind: isPatch ? 'PATCH' : source.kind === 'SLIDE' ? 'SLIDE' : 'REGION',
    path: dropped.path,
    widthPx: width,
    heightPx: height,
    micronsPerPixel,
    columns,
    rows,
    sidePx,
    stepPx,
    cells,
    probabilities: new Float32Array(cells.length),
    glass: columns * rows - cells.length,
    left: 0,
    overview: overview?.bitmap ?? null,
  };
  return { result, readPatch: (at) => readPatch(source, plan, { cell: cells[at] ?? 0, patchSizePx }) };
}

function chooseCells(
  { columns, rows, sidePx, stepPx }: TilePlan,
  { width, height, tissue }: { width: number; height: number; tissue: TissueMap | null },
): Int32Array {
  const all = Int32Array.from({ length: columns * rows }, (_, cell) => cell);
  if (!tissue) return all;
  return all.filter((cell) =>
    hasTissue(tissue, {
      x: ((cell % columns) * stepPx) / width,
      y: (Math.floor(cell / columns) * stepPx) / height,
      width: sidePx / width,
      height: sidePx / height,
    }),
  );
}

async function readPatch(
  source: PixelSource,
  plan: TilePlan,
  { cell, patchSizePx }: { cell: number; patchSizePx: number },
): Promise<Uint8Array> {
  const level = source.levels[plan.level] ?? source.levels[0];
  const corner = { x: (cell % plan.columns) * plan.stepPx, y: Math.floor(cell / plan.columns) * plan.stepPx };
  const { x, y, side } = placeOnLevel({ ...corner, side: plan.sidePx }, level);
  const pixels = await source.readRegion(plan.level, { x, y, width: side, height: side });
  return resampleSquare(pixels, side, patchSizePx);
}
