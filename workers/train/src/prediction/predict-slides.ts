/**
 * A stored model on whole slides: the tissue of each in squares of the model's size and scale, a prediction for each square, told
 * as if it were a file of its own. A slide that cannot be read as the model needs it is refused whole, and the others go on.
 */
import { realpath } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import type { ContextStep } from '@microtome/domain/context/context-step';
import { nameWithoutEnding } from '@microtome/domain/tiling/slide-name';
import type { Refuse } from '@microtome/store/import/refusal';
import { refuseSealedSlide } from '@microtome/store/slide-analysis/sealed-slide';
import { listSlideFiles } from '@microtome/store/slide-analysis/slide-files';
import { openTissue, type TissueSlide } from '@microtome/store/slide-analysis/tissue-tiles';
import type { Store } from '@microtome/store/store';
import { predictSquares } from '../model/predict-squares.ts';
import { type ReadPrediction, readFilesInContext } from './file-context.ts';
import type { FileModel, FilePrediction } from './predict-patches.ts';

type SlidesRequest = {
  /** A slide, or a folder of slides. */
  source: string;
  model: FileModel;
  /** The run that made the model. */
  runId: string;
  /** How the model reads squares with their neighbours; null: nothing to say. */
  step: ContextStep | null;
  /** Of the model. */
  micronsPerPixel: number;
  /** Of the finest level of slides that tell none. */
  toldMicronsPerPixel: number | null;
  refuse: Refuse;
};

/** `path` is that within the source. */
export type PredictedSlide = { path: string; squares: ReadPrediction[] };

/** Slide by slide, the squares of each row by row. @throws AppError where the source cannot be opened or holds no slides */
export async function* predictSlides(store: Store, request: SlidesRequest): AsyncGenerator<PredictedSlide> {
  const { source, refuse, model, micronsPerPixel, toldMicronsPerPixel } = request;
  const files = await listSlideFiles(source, refuse);
  const root = await realpath(source);
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file)) continue;
    const path = relative(root, file) || basename(file);
    const wanted = { path: file, tilePx: model.patchSizePx, micronsPerPixel, toldMicronsPerPixel };
    try {
      const slide = await openTissue(wanted);
      for (const part of slide.files) seen.add(part);
      const squares = await predictSlide(store, { slide, path, request }).finally(() => slide.close());
      yield { path, squares };
    } catch (error) {
      if (!(error instanceof AppError) || !['BAD_INPUT', 'SEALED'].includes(error.code)) throw error;
      // The file is named in front of the sentence.
      const named = `${basename(file)}: `;
      const reason = error.message.startsWith(named) ? error.message.slice(named.length) : error.message;
      refuse({ path, code: 'NOT_A_SLIDE', reason });
    }
  }
}

type Reading = { slide: TissueSlide; path: string; request: SlidesRequest };

async function predictSlide(store: Store, { slide, path, request }: Reading): Promise<ReadPrediction[]> {
  const { model, step, runId, micronsPerPixel } = request;
  const { predictor, patchSizePx } = model;
  const { file, columns, places } = await slide.plan();
  await refuseSealedSlide(store, { runId, digest: file.digest });
  const scale = micronsPerPixel / file.micronsPerPixel;
  const slideKey = nameWithoutEnding(path);
  const describe = (square: number, probability: number): FilePrediction => {
    const place = {
      x: (square % columns) * patchSizePx,
      y: Math.floor(square / columns) * patchSizePx,
    };
    const untold = { unitKey: null, site: null, className: null, label: null };
    const told = { ...untold, slideKey, x: place.x * scale, y: place.y * scale };
    return { path, file: { told, place }, probability };
  };
  const plan = { columns, places, done: 0 };
  const predicted: FilePrediction[] = [];
  for await (const block of predictSquares({ slide, predictor, plan, tilePx: patchSizePx }))
    for (const [at, probability] of block.probabilities.entries())
      predicted.push(describe(places[block.first + at]!, probability));
  predicted.sort((a, b) => a.file.place!.y - b.file.place!.y || a.file.place!.x - b.file.place!.x);
  return readFilesInContext(predicted, { step, patchSizePx });
}
