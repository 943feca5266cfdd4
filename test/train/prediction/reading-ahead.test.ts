/** `predict` leaves nothing idle: files are decoded while the network works on those before them. */
import { predictPatches } from '@microtome/train/prediction/predict-patches';
import type { PredictionFile } from '@microtome/train/prediction/prediction-files';
import sharp from 'sharp';
import { expect, it } from 'vitest';

const SIDE = 8;
const CHUNK_PATCHES = 256;
const FIT = { otherSizes: 'REFUSE', notSquare: 'REFUSE' } as const;

async function encodePatch(): Promise<Uint8Array> {
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  return sharp(new Uint8Array(SIDE * SIDE * 3).fill(200), { raw })
    .png()
    .toBuffer();
}

async function describeFiles(onRead: (position: number) => void): Promise<PredictionFile[]> {
  const value = await encodePatch();
  return Array.from({ length: CHUNK_PATCHES + 1 }, (_, position) => {
    const read = async () => {
      onRead(position);
      return { ok: true as const, value };
    };
    return { file: { path: `${position}.png`, read }, copies: [], told: null, place: null };
  });
}

it('reads the next files while the network works on those before', async () => {
  const nextIsRead = Promise.withResolvers<void>();
  const files = await describeFiles((position) => {
    if (position === CHUNK_PATCHES) nextIsRead.resolve();
  });
  const predictor = {
    async predict(_images: Uint8Array, count: number) {
      await nextIsRead.promise;
      return new Float64Array(count).fill(0.5);
    },
    dispose: async () => undefined,
  };
  const predicted: string[] = [];
  for await (const chunk of predictPatches({
    model: { predictor, patchSizePx: SIDE, takesStrips: false },
    files,
    fit: FIT,
    refuse: ({ reason }) => expect.unreachable(reason),
    onChange: ({ code }) => expect.unreachable(code),
  }))
    predicted.push(...chunk.map(({ path }) => path));
  expect(predicted).toEqual(files.map(({ file }) => file.path));
});

it('reads nothing any more when it has failed', async () => {
  let isReading = false;
  const encoded = await encodePatch();
  const files = (await describeFiles(() => undefined)).map((each, position): PredictionFile => {
    if (position < CHUNK_PATCHES) return each;
    const read = async () => {
      isReading = true;
      await new Promise(setImmediate);
      isReading = false;
      return { ok: true as const, value: encoded };
    };
    return { ...each, file: { ...each.file, read } };
  });
  const predictor = {
    predict: async () => Promise.reject(new Error('the model is gone')),
    dispose: async () => undefined,
  };
  const asked = predictPatches({
    model: { predictor, patchSizePx: SIDE, takesStrips: false },
    files,
    fit: FIT,
    refuse: ({ reason }) => expect.unreachable(reason),
    onChange: ({ code }) => expect.unreachable(code),
  }).next();
  await expect(asked).rejects.toThrow('the model is gone');
  expect(isReading).toBe(false);
});

it('tells that files could not be read when it comes to them, although they were read before', async () => {
  const hasFailed = Promise.withResolvers<void>();
  const files = (await describeFiles(() => undefined)).map((each, position): PredictionFile => {
    if (position < CHUNK_PATCHES) return each;
    const read = async () => {
      hasFailed.resolve();
      throw new Error('the disk is gone');
    };
    return { ...each, file: { ...each.file, read } };
  });
  const predictor = {
    async predict(_images: Uint8Array, count: number) {
      await hasFailed.promise;
      // Node ends a process for a failure that nobody waits for by now.
      await new Promise(setImmediate);
      return new Float64Array(count).fill(0.5);
    },
    dispose: async () => undefined,
  };
  const asked = predictPatches({
    model: { predictor, patchSizePx: SIDE, takesStrips: false },
    files,
    fit: FIT,
    refuse: ({ reason }) => expect.unreachable(reason),
    onChange: ({ code }) => expect.unreachable(code),
  });
  expect((await asked.next()).value).toHaveLength(CHUNK_PATCHES);
  await expect(asked.next()).rejects.toThrow('the disk is gone');
});
