/** What the tests of the analyser have in common: a champion with a real network, the worker's word on patches, and pictures. */
import { readFile } from 'node:fs/promises';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { createRandom } from '@microtome/domain/seeded-random';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { promoteModelVersion } from '@microtome/store/model/promotions';
import type { Store } from '@microtome/store/store';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { buildModel, getModelWeights } from '../../../workers/train/src/engine/layers-model.ts';
import { exportOnnx } from '../../../workers/train/src/model/export-onnx.ts';
import { openSavedPredictor } from '../../../workers/train/src/model/predictor.ts';
import type { TrainedNetwork } from '../../../workers/train/src/model/saved-model.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';

export const PATCH_PX = 50;
/** Of the Aperio region that the tests read. */
export const MICRONS_PER_PIXEL = 0.499;
const HYPERPARAMETERS = { architecture: 'deep', width: 0.25, dropoutRate: 0.25 };

export type NetworkShape = typeof HYPERPARAMETERS;
const REASON = 'the only one';

/** A network with its initial weights shaken, so that batch norms are not at rest. */
function makeNetwork(shape: NetworkShape): TrainedNetwork {
  const layers = getArchitecture(shape.architecture).layers(shape);
  const random = createRandom(4);
  const weights = getModelWeights(buildModel({ layers, patchSizePx: PATCH_PX, seed: 3 })).map(
    ({ name, shape, values }) => ({
      name,
      shape,
      values: values.map((value) => value + 0.02 * (2 * random.next() - 1)),
    }),
  );
  const normalisation = { mean: [0.71, 0.52, 0.63], sd: [0.11, 0.19, 0.14] };
  return { layers, patchSizePx: PATCH_PX, weights, normalisation, temperature: 1.7 };
}

/** Promoted, of slides of a known scale. Gives the network. */
export async function promoteNetwork(store: Store, shape = HYPERPARAMETERS): Promise<TrainedNetwork> {
  const network = makeNetwork(shape);
  const bench = await createBench(store, { patchSizePx: PATCH_PX });
  await store.database.prisma.slide.updateMany({
    where: { datasetId: bench.datasetId },
    data: { micronsPerPixel: MICRONS_PER_PIXEL },
  });
  const run = await launchTestRun(store, bench, shape);
  await finishTestRun(store, run, { skill: 0.9, onnx: exportOnnx(network) });
  await openTest(store, { runId: run.id, reason: REASON });
  const { id: modelId } = await createModel(store, { name: 'small-model' });
  const { id: versionId } = await registerModelVersion(store, { modelId, runId: run.id });
  // Its dataset is too small for the rules of quality.
  await promoteModelVersion(store, { versionId, reason: REASON, override: true });
  return network;
}

/** What a worker says of the same patches. */
export async function predictAsWorker(
  network: TrainedNetwork,
  patches: readonly Uint8Array[],
  shape = HYPERPARAMETERS,
): Promise<number[]> {
  const hyperparameters = parseHyperparameters(shape);
  const predictor = await openSavedPredictor(
    { ...network, weights: [...network.weights], hyperparameters },
    {
      backend: 'onnx',
    },
  );
  try {
    const pixels = new Uint8Array(patches.length * PATCH_PX * PATCH_PX * 3);
    for (const [at, patch] of patches.entries()) pixels.set(patch, at * patch.length);
    return [...(await predictor.predict(pixels, patches.length))];
  } finally {
    await predictor.dispose();
  }
}

export function encodePng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** The squares of a picture, row by row. */
export function cutSquares(pixels: Uint8Array, width: number, places: readonly { x: number; y: number }[]) {
  return places.map(({ x, y }) => {
    const patch = new Uint8Array(PATCH_PX * PATCH_PX * 3);
    for (let row = 0; row < PATCH_PX; row++) {
      const from = ((y + row) * width + x) * 3;
      patch.set(pixels.subarray(from, from + PATCH_PX * 3), row * PATCH_PX * 3);
    }
    return patch;
  });
}

export type TableRow = { file: string; x: number; y: number; probability: number };

/** What the page saves. Names in these tests have no commas. */
export async function saveTable(page: Page): Promise<TableRow[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const [head = '', ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const read = (name: string) => cells[columns.indexOf(name)] ?? '';
    return {
      file: read('file'),
      x: Number(read('x')),
      y: Number(read('y')),
      probability: Number(read('probability')),
    };
  });
}

const QUIET_MS = 1_000;

/**
 * Resolves when the page has asked for nothing for a second. Playwright's own state of an idle network is not reached where
 * a worker was ended in the middle of a request.
 */
export function untilQuiet(page: Page): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      page.off('request', restart);
      resolve();
    };
    let timer = setTimeout(end, QUIET_MS);
    const restart = () => {
      clearTimeout(timer);
      timer = setTimeout(end, QUIET_MS);
    };
    page.on('request', restart);
  });
}

/** Everything that a page, its workers and its sockets ask for from now on. */
export function watchRequests(page: Page): string[] {
  const asked: string[] = [];
  // Workers' own requests are told by the context alone.
  page.context().on('request', (request) => {
    if (!request.url().startsWith('blob:')) asked.push(`${request.method()} ${request.url()}`);
  });
  page.on('websocket', (socket) => asked.push(`WebSocket ${socket.url()}`));
  return asked;
}
