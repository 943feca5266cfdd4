import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countBatches,
  createBatchAssembler,
  fitBatchSize,
} from '../../../workers/train/src/batches/batch-assembler.ts';
import { favourClasses, weighClasses } from '../../../workers/train/src/batches/class-weights.ts';
import { orderEpoch } from '../../../workers/train/src/batches/epoch-order.ts';

const SIZE_PX = 4;

/** Every pixel of patch i has the value i. */
const readPatch = (index: number) => new Uint8Array(SIZE_PX * SIZE_PX * 3).fill(index);

const train = {
  indexes: Int32Array.from([10, 20, 30, 40, 50, 60, 70]),
  labels: Uint8Array.from([0, 0, 0, 0, 0, 1, 1]),
  patients: Int32Array.from([0, 0, 0, 0, 1, 1, 2]),
};

function createAssembler(changes: Record<string, unknown> = {}) {
  const hyperparameters = parseHyperparameters({ seed: 5, ...changes });
  return createBatchAssembler({ patchSizePx: SIZE_PX, batchSize: 3, train, hyperparameters }, readPatch);
}

const shownIndexes = (batch: { images: Uint8Array; count: number }) =>
  Array.from({ length: batch.count }, (_, row) => batch.images[row * SIZE_PX * SIZE_PX * 3] as number);

describe('batches', () => {
  it('show every patch once an epoch, with its own label, and the order differs between epochs', () => {
    const assembler = createAssembler();
    const orders = [0, 1].map((epochIndex) =>
      [0, 1, 2].flatMap((batchIndex) => {
        const batch = assembler.assembleTraining({ epochIndex, batchIndex });
        const shown = shownIndexes(batch);
        shown.forEach((index, row) => {
          expect(batch.labels[row]).toBe(train.labels[train.indexes.indexOf(index)]);
        });
        return shown;
      }),
    );
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...train.indexes]);
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it('are a function of seed, epoch and number: made alone, later or again, they are the same to the bit', () => {
    const strength = { augmentStain: 0.1, augmentBrightness: 0.2 };
    const whole = createAssembler(strength);
    for (const batchIndex of [0, 1, 2]) whole.assembleTraining({ epochIndex: 0, batchIndex });
    const position = { epochIndex: 1, batchIndex: 1 };
    expect(createAssembler(strength).assembleTraining(position)).toEqual(whole.assembleTraining(position));
  });

  it('fill a last partial batch with rows of weight 0', () => {
    const batch = createAssembler().assembleTraining({ epochIndex: 0, batchIndex: 2 });
    expect(batch.count).toBe(1);
    expect(batch.sampleWeights[0]).toBeGreaterThan(0);
    expect([...batch.sampleWeights.slice(1)]).toEqual([0, 0]);
  });

  it('are the same in memory that held another batch, padding included', () => {
    const position = { epochIndex: 0, batchIndex: 2 };
    const used = new Uint8Array(5 * SIZE_PX * SIZE_PX * 3).fill(99);
    const batch = createAssembler().assembleTraining(position, used.buffer);
    expect(batch.images.buffer).toBe(used.buffer);
    expect(batch).toEqual(createAssembler().assembleTraining(position));
  });

  it('leave a last partial batch out where it cannot be padded, but never the only one', () => {
    expect(countBatches({ patches: 7, batchSize: 3, allowsPadding: true })).toBe(3);
    expect(countBatches({ patches: 7, batchSize: 3, allowsPadding: false })).toBe(2);
    expect(countBatches({ patches: 7, batchSize: fitBatchSize(64, 7), allowsPadding: false })).toBe(1);
  });

  it('smooth labels towards one half', () => {
    const batch = createAssembler({ labelSmoothing: 0.2 }).assembleTraining({ epochIndex: 0, batchIndex: 0 });
    for (const label of batch.labels) expect([Math.fround(0.1), Math.fround(0.9)]).toContain(label);
  });

  it('give plain images in the order asked for, without augmentation', () => {
    const images = createAssembler().assembleImages(Int32Array.from([30, 10]));
    expect(images).toHaveLength(2 * SIZE_PX * SIZE_PX * 3);
    expect([images[0], images.at(-1)]).toEqual([30, 10]);
  });
});

describe('class weights', () => {
  it('make both classes weigh the same in total, and keep the mean weight at 1', () => {
    const [negative, positive] = weighClasses({ ...train, weighting: 'balanced', sampling: 'patch' });
    expect(negative * 5).toBeCloseTo(positive * 2, 12);
    expect(negative * 5 + positive * 2).toBeCloseTo(7, 12);
  });

  it('count what balanced patients show, not what the list holds', () => {
    const [negative, positive] = weighClasses({ ...train, weighting: 'balanced', sampling: 'balanced' });
    const positiveShare = (0 + 1 / 2 + 1) / 3;
    expect(negative).toBeCloseTo(1 / (2 * (1 - positiveShare)), 12);
    expect(positive).toBeCloseTo(1 / (2 * positiveShare), 12);
  });
});

describe('classes that are sampled', () => {
  it('weigh the same in the loss, but are favoured as balanced weights would favour them', () => {
    const sampled = { ...train, weighting: 'sampled', sampling: 'patch' } as const;
    expect(weighClasses(sampled)).toEqual([1, 1]);
    expect(favourClasses(sampled)).toEqual(weighClasses({ ...sampled, weighting: 'balanced' }));
    expect(favourClasses({ ...sampled, weighting: 'none' })).toEqual([1, 1]);
  });
});

describe('the order of an epoch', () => {
  it('shows every patient equally often, within one, when patients are balanced', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 80 }), fc.nat(), (list, seed) => {
        const patients = Int32Array.from(list);
        const labels = new Uint8Array(list.length);
        const how = { sampling: 'balanced', weighting: 'none' } as const;
        const order = orderEpoch({ labels, patients, ...how, seed, epochIndex: 3 });
        expect(order).toHaveLength(list.length);
        const shown = new Map(list.map((patient) => [patient, 0]));
        for (const position of order) {
          const patient = list[position] as number;
          shown.set(patient, (shown.get(patient) as number) + 1);
        }
        expect(Math.max(...shown.values()) - Math.min(...shown.values())).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('shows both classes equally often when they are sampled, and within each class every patient as asked', () => {
    // Class 1: one patch of patient 0, three of patient 1; class 0: twenty of patient 2.
    const labels = Uint8Array.from([1, 1, 1, 1, ...new Array<number>(20).fill(0)]);
    const patients = Int32Array.from([0, 1, 1, 1, ...new Array<number>(20).fill(2)]);
    const countOf = (order: Int32Array, wanted: (position: number) => boolean) => order.filter(wanted).length;
    for (const sampling of ['patch', 'balanced'] as const) {
      const order = orderEpoch({ labels, patients, sampling, weighting: 'sampled', seed: 1, epochIndex: 0 });
      expect(order).toHaveLength(24);
      expect(countOf(order, (position) => labels[position] === 1)).toBe(12);
      // Twelve places over four patches, or over two patients.
      expect(countOf(order, (position) => position === 0)).toBe(sampling === 'patch' ? 3 : 6);
      expect(new Set(order.filter((position) => labels[position] === 0)).size).toBe(12);
    }
  });

  it('shows one class alone as it is, also when classes are sampled', () => {
    const one = { labels: new Uint8Array(5), patients: new Int32Array(5), sampling: 'patch' } as const;
    const order = orderEpoch({ ...one, weighting: 'sampled', seed: 1, epochIndex: 0 });
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('depends on the seed and on the epoch', () => {
    const patients = new Int32Array(50);
    const how = { labels: new Uint8Array(50), sampling: 'patch', weighting: 'balanced' } as const;
    const of = (seed: number, epochIndex: number) => orderEpoch({ patients, ...how, seed, epochIndex });
    expect(of(1, 0)).toEqual(of(1, 0));
    expect(of(1, 0)).not.toEqual(of(1, 1));
    expect(of(1, 0)).not.toEqual(of(2, 0));
  });
});
