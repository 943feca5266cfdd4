/**
 * ONNX Runtime alone on squares of a slide, in a process of its own: they are read before the clock starts, and nothing is done but
 * to run the model that the run exported.
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { openTissue } from '@microtome/store/slide-analysis/tissue-tiles';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export type AloneRequest = {
  modelPath: string;
  slide: { path: string; tilePx: number; micronsPerPixel: number };
  squares: number;
  batch: number;
};
export type AloneResult = { squares: number; seconds: number; cpuSeconds: number };

const RGB = 3;
const [{ modelPath, slide: wanted, squares, batch }] = (await once(process, 'message')) as [AloneRequest];
const slide = await openTissue({ ...wanted, toldMicronsPerPixel: null });
const { places, columns } = await slide.plan();
const asked = places.subarray(0, squares);
const pixels = await slide.readTiles(asked, columns);
await slide.close();
const session = await InferenceSession.create(modelPath, { intraOpNumThreads: availableParallelism() });
const [input] = session.inputNames as [string];
const { tilePx } = wanted;
const squareBytes = tilePx * tilePx * RGB;
const run = async (first: number, last: number) => {
  const rgb = new Float32Array(pixels.subarray(first * squareBytes, last * squareBytes));
  await session.run({ [input]: new Tensor('float32', rgb, [last - first, tilePx, tilePx, RGB]) });
};
await run(0, Math.min(batch, asked.length));
const before = process.cpuUsage();
const startMs = performance.now();
for (let first = 0; first < asked.length; first += batch)
  await run(first, Math.min(first + batch, asked.length));
const seconds = (performance.now() - startMs) / 1000;
const { user, system } = process.cpuUsage(before);
const result: AloneResult = { squares: asked.length, seconds, cpuSeconds: (user + system) / 1e6 };
process.send?.(result);
process.disconnect();
