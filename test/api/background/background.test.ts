/** The background thread: its results, its progress, its errors as they are, and what becomes of them when it stops. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { StoredEvidence } from '@microtome/store/split/stored-evidence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackground } from '../../../apps/api/src/background/background.ts';
import type { ReportDocument } from '../../../apps/api/src/report/report-document.ts';

const PATCH_SIZE_PX = 32;
const PATCHES = 1_000;
const GROUPS = {
  probabilities: Float64Array.of(0.1, 0.9, 0.2),
  labels: Uint8Array.of(0, 1, 1),
  groups: Int32Array.of(0, 0, 1),
  groupCount: 2,
  threshold: 0.2,
};

const background = createBackground();
let folder: string;
let evidence: StoredEvidence;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microtome-background-'));
  const path = join(folder, 'shard');
  await writeFile(path, randomBytes(PATCHES * PATCH_SIZE_PX ** 2 * 3));
  evidence = makeEvidence(path);
});
afterAll(async () => {
  await background.close();
  await rm(folder, { recursive: true });
});

describe('the background thread', () => {
  it('gives what it computed, also when asked for several things at once', async () => {
    const answers = await Promise.all([background.groupFigures(GROUPS), background.groupFigures(GROUPS)]);
    const expected = [
      { patches: 2, called: 1, wrong: 0, auc: 1 },
      { patches: 1, called: 1, wrong: 0, auc: null },
    ];
    expect(answers).toEqual([expected, expected]);
  });

  it('tells the share that is done, rising, before the result', async () => {
    const shares: number[] = [];
    const { patches } = await background.audit(evidence, (share) => shares.push(share));
    expect(patches).toBe(PATCHES);
    expect(shares.length).toBeGreaterThan(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  it('refuses in the words and with the code of what it ran, and goes on', async () => {
    await expect(background.audit(makeEvidence(join(folder, 'absent')))).rejects.toMatchObject({
      name: 'AppError',
      code: 'NOT_FOUND',
      message: 'Shard 0f1e is missing from the artifacts.',
    });
    await expect(background.writeParquet(makeCrookedTable())).rejects.toThrow(/must have the same length/);
    expect(await background.groupFigures(GROUPS)).toHaveLength(2);
  });

  it('that is stopped refuses the task at work, the next in line, and those that come after', async () => {
    const stopped = createBackground();
    const told = { code: 'UNAVAILABLE', message: 'The work stopped before it was finished.' };
    let hasBegun: (share: number) => void = () => {};
    const beginning = new Promise((resolve) => {
      hasBegun = resolve;
    });
    const outcomes = Promise.allSettled([stopped.audit(evidence, hasBegun), stopped.groupFigures(GROUPS)]);
    await beginning;
    await stopped.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: told });
    await expect(stopped.groupFigures(GROUPS)).rejects.toMatchObject(told);
  });

  it.each([50, 200])('ends in the middle of a report too, %i ms after it was begun', async (afterMs) => {
    const stopped = createBackground();
    // Its start is over: what takes time now is the report alone.
    await stopped.groupFigures(GROUPS);
    const writing = stopped.renderReport(makeLongReport()).catch((error: unknown) => error);
    await setTimeout(afterMs);
    await stopped.close();
    expect(await writing).toMatchObject({ code: 'UNAVAILABLE' });
  });
});

function makeEvidence(path: string): StoredEvidence {
  const indexes = Int32Array.from({ length: PATCHES }, (_, index) => index);
  return {
    patches: {
      patients: indexes,
      x: indexes.map((index) => index * PATCH_SIZE_PX),
      y: new Int32Array(PATCHES),
      labels: Uint8Array.from(indexes, (index) => index % 2),
      subsets: Uint8Array.from(indexes, (index) => index % 3),
    },
    patchSizePx: PATCH_SIZE_PX,
    unit: 'PATIENT',
    indexes,
    repeatedPixels: new Int32Array(PATCHES),
    samples: [],
    whyUnsearched: null,
    located: {
      patchSizePx: PATCH_SIZE_PX,
      shards: [{ path, artifactHash: '0f1e', firstPatch: 0, patchCount: PATCHES }],
      strips: [],
    },
  };
}

/** Two columns of different lengths. */
function makeCrookedTable() {
  return {
    columns: [
      { name: 'a', type: 'INT32' as const, values: Int32Array.of(1, 2) },
      { name: 'b', type: 'INT32' as const, values: Int32Array.of(1) },
    ],
  };
}

function makeLongReport(): ReportDocument {
  const paragraph = { kind: 'paragraph' as const, text: 'so many words '.repeat(30) };
  const kept = { title: 'Long', kindOfDocument: 'Report', identity: '0f1e', asOf: new Date(0) };
  return { ...kept, blocks: Array.from({ length: 2_000 }, () => paragraph) };
}
