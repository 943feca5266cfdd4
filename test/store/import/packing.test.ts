/** The small parts between decoding and saving: order, statistics, progress. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { createPatchCatalogue } from '@microtome/store/import/packing/patch-catalogue';
import { createShardWriter } from '@microtome/store/import/packing/shard-writer';
import { createChannelCounter } from '@microtome/store/import/pixels/channel-statistics';
import { createProgressMeter, type ImportProgress } from '@microtome/store/import/progress-meter';
import { createUuidV7 } from '@microtome/store/import/uuid-v7';
import { mapInOrder } from '@microtome/store/map-in-order';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFolder } from './patch-files.ts';

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const result of results) collected.push(result);
  return collected;
}

describe('working on several items at a time', () => {
  it('gives results in order and never has more under way than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        async (turns, inFlightMax) => {
          let [underway, most] = [0, 0];
          const work = async (turnsToTake: number) => {
            underway += 1;
            most = Math.max(most, underway);
            for (let turn = 0; turn < turnsToTake; turn++) await Promise.resolve();
            underway -= 1;
            return turnsToTake;
          };
          expect(await collect(mapInOrder(turns, { inFlightMax, work }))).toEqual(turns);
          expect(most).toBeLessThanOrEqual(inFlightMax);
        },
      ),
    );
  });

  it('passes a failure on in its turn: nothing more starts, and what is under way is waited for', async () => {
    const finished: number[] = [];
    const work = async (item: number) => {
      if (item === 1) throw new Error('item 1 broke');
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      finished.push(item);
      return item;
    };
    await expect(collect(mapInOrder([0, 1, 2, 3, 4, 5], { inFlightMax: 3, work }))).rejects.toThrow(
      'item 1 broke',
    );
    expect(finished).toEqual([0, 2, 3]);
  });
});

describe('the writer of shards', () => {
  it('keeps every patch whole in one shard, in order, within the bounds', async () => {
    const folder = await createFolder();
    const artifacts = openArtifactStore(`file:${folder}`);
    const patches = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(patches, fc.integer({ min: 1, max: 7 }), async (patches, patchesMax) => {
        const writer = createShardWriter({ artifacts, patchesMax, bytesMax: 50 });
        const offsets: number[] = [];
        for (const patch of patches) offsets.push(await writer.add(patch));
        const shards = await writer.finish();
        let position = 0;
        for (const { artifact, patchCount } of shards) {
          expect(patchCount).toBeGreaterThan(0);
          expect(patchCount).toBeLessThanOrEqual(patchesMax);
          expect(artifact.bytes).toBeLessThanOrEqual(50);
          const bytes = await artifacts.read(artifact.hash);
          for (let inShard = 0; inShard < patchCount; inShard++, position++) {
            const [patch, offset] = [patches[position]!, offsets[position]!];
            expect(bytes.subarray(offset, offset + patch.length)).toEqual(Buffer.from(patch));
          }
        }
        expect(position).toBe(patches.length);
      }),
      { numRuns: 40 },
    );
  });

  it('fails when the store does, at the next shard or at the end', async () => {
    const place = join(await createFolder(), 'in-the-way');
    await writeFile(place, 'a file where the folder should be');
    const writer = createShardWriter({ artifacts: openArtifactStore(`file:${place}`), bytesMax: 4 });
    await writer.add(Uint8Array.of(1, 2, 3));
    await expect(writer.finish()).rejects.toThrow(/EEXIST|ENOTDIR/);
    await writer.abandon();
  });
});

describe('channel statistics', () => {
  it('are the mean and the deviation of all pixels, in any grouping and order', () => {
    const pixel = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(fc.array(fc.array(pixel, { minLength: 1 }), { minLength: 1 }), (patches) => {
        const counter = createChannelCounter();
        for (const patch of patches) counter.add(Uint8Array.from(patch.flat()));
        const { mean, sd } = counter.summarize();
        for (const channel of [0, 1, 2]) {
          const levels = patches.flat().map((levels) => levels[channel]! / 255);
          const expectedMean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
          const variance =
            levels.reduce((sum, level) => sum + (level - expectedMean) ** 2, 0) / levels.length;
          expect(mean[channel]).toBeCloseTo(expectedMean, 10);
          expect(sd[channel]! ** 2).toBeCloseTo(variance, 10);
        }
        const reversed = createChannelCounter();
        for (const patch of patches.toReversed()) reversed.add(Uint8Array.from(patch.flat()));
        expect(reversed.summarize()).toEqual({ mean, sd });
      }),
    );
  });

  it('count the largest patch of the lightest pixels, and patches of other sizes after it', () => {
    const counter = createChannelCounter();
    counter.add(new Uint8Array(1024 * 1024 * 3).fill(255));
    expect(counter.summarize()).toEqual({ mean: [1, 1, 1], sd: [0, 0, 0] });
    counter.add(new Uint8Array(1024 * 1024 * 3));
    counter.add(Uint8Array.from([255, 0, 0, 0, 255, 0]));
    const pixels = 2 * 1024 * 1024 + 2;
    const [most, blue] = [(1024 * 1024 + 1) / pixels, (1024 * 1024) / pixels];
    expect(counter.summarize().mean).toEqual([most, most, blue]);
  });
});

describe('the digest of an import', () => {
  const fileHash = new Uint8Array(32).fill(7);
  const row = { patientKey: '1', x: 0, y: 0, widthPx: 1, heightPx: 1, classPosition: 0, byteOffset: 0 };
  const slide = { slideKey: '1', site: null, micronsPerPixel: null, givenSubset: null, cutFrom: null };
  const digestOf = (names: readonly string[], hash = fileHash) => {
    const catalogue = createPatchCatalogue(names.length, 2);
    for (const name of names)
      catalogue.addPatch({ ...row, ...slide, name, path: name, fileHash: hash, pixelHash: hash });
    return catalogue.finishDigest();
  };

  it('depends on names and bytes and on no order', () => {
    expect(digestOf(['a', 'b'])).toBe(digestOf(['b', 'a']));
    expect(digestOf(['a', 'b'])).not.toBe(digestOf(['a', 'c']));
    expect(digestOf(['a'])).not.toBe(digestOf(['a'], new Uint8Array(32)));
  });

  it('is the sha256 of "name TAB sha256 LF" lines, so that it can be checked by other means', () => {
    // printf '1/0/a.png\t0707…07\n' | sha256sum
    expect(digestOf(['1/0/a.png'])).toBe('890762d6a92bff3562c1e7972577e107628fc83394649168e445cf8c2fc68a3c');
  });
});

describe('progress', () => {
  it('is told at most four times a second, with the rate of the last seconds and the time left', () => {
    let nowMs = 0;
    const told: (ImportProgress & { atMs: number })[] = [];
    const onProgress = (progress: ImportProgress) => told.push({ ...progress, atMs: nowMs });
    const meter = createProgressMeter({ onProgress, now: () => nowMs });
    meter.enter('decoding', 4000, 3);
    for (let file = 1; file <= 2000; file++) {
      nowMs = file * 2;
      meter.advance(file, 3);
    }
    const gaps = told.slice(1).map(({ atMs }, index) => atMs - told[index]!.atMs);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(told.at(-1)).toMatchObject({
      phase: 'decoding',
      filesTotal: 4000,
      filesRefused: 3,
      filesPerSecond: 500,
    });
    expect(told.at(-1)?.secondsLeft).toBeCloseTo((4000 - told.at(-1)!.filesDone) / 500);
    meter.enter('saving', 4000, 3);
    expect(told.at(-1)).toMatchObject({
      phase: 'saving',
      filesDone: 2000,
      filesPerSecond: null,
      secondsLeft: null,
    });
  });
});

describe('identifiers', () => {
  it('are version 7 UUIDs that sort by time', () => {
    const [early, late] = [createUuidV7(1_700_000_000_000), createUuidV7(1_700_000_000_001)];
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
    expect(createUuidV7()).not.toBe(createUuidV7());
  });
});
