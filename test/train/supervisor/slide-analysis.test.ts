/** A model on a whole slide by a real worker: what it says is the model's own word, and a kill in the middle changes nothing of it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlideAnalysis } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { cancelSlideAnalysis } from '@microtome/store/slide-analysis/analysis-lease';
import { requestSlideAnalyses } from '@microtome/store/slide-analysis/request-analyses';
import { readAnalysisGrid } from '@microtome/store/slide-analysis/slide-analyses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSeededSlide, type SeededSlide, writeSeededSlide } from '../../slides/seeded-slide.ts';
import { createWorkerFixture, forkWorker, startWorker, type WorkerFixture } from '../worker-fixture.ts';

const TIMEOUT_MS = 240_000;
const BLOCK_PX = 512;
/** 64 px of the slide: a block of its board holds 8 x 8 of them. */
const SCALE = { micronsPerPixel: 2 };
const TILE_PX = 16;

describe('a model on a slide', () => {
  let fixture: WorkerFixture;
  let folder: string;
  let versionId: string;
  let plan: SeededSlide;
  let forked: ChildProcess | null = null;

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    folder = await mkdtemp(join(tmpdir(), 'slides-'));
    plan = planSeededSlide({ columns: 16, rows: 12, seed: 3, micronsPerPixel: 0.5 });
    await writeSeededSlide(join(folder, 'one.tif'), plan, 5);
    await writeFile(join(folder, 'broken.svs'), 'no slide');
    const worker = await startWorker(fixture.store);
    const { id: runId } = await fixture.launch({ edgeStrips: 'drop', epochs: 1 });
    await fixture.waitUntilSettled(runId);
    await worker.close();
    const model = await createModel(fixture.store, { name: 'on-slides' });
    versionId = (await registerModelVersion(fixture.store, { modelId: model.id, runId })).id;
  }, TIMEOUT_MS);
  afterAll(async () => {
    forked?.kill('SIGKILL');
    await fixture.close();
    await rm(folder, { recursive: true });
  });

  it(
    'says the same whether its worker is killed in the middle or not',
    async () => {
      const { store } = fixture;
      const { analyses, refused } = await requestSlideAnalyses(store, { versionId, path: folder, ...SCALE });
      expect(refused).toMatchObject([{ path: 'broken.svs', reason: expect.stringContaining('not a slide') }]);
      const [asked] = analyses;
      const again = await requestSlideAnalyses(store, { versionId, path: folder, ...SCALE });
      expect(again.analyses.map(({ id }) => id)).toEqual([asked!.id]);

      forked = forkWorker(fixture);
      await waitFor(asked!.id, ({ patchesDone }) => patchesDone > 0);
      forked.kill('SIGKILL');
      await once(forked, 'exit');
      const left = await read(asked!.id);
      expect(left).toMatchObject({ status: 'RUNNING', attempt: 1 });
      expect(left.patchesDone).toBeLessThan(left.patchesTotal);
      const blocks = await listBlocks(asked!.id);

      const worker = await startWorker(store, { leaseStaleMs: 2000 });
      await waitFor(asked!.id, ({ attempt }) => attempt === 2);
      expect((await listBlocks(asked!.id)).slice(0, blocks.length)).toEqual(blocks);
      const resumed = await waitUntilEnded(asked!.id);
      expect(resumed).toMatchObject({ status: 'SUCCEEDED', attempt: 2, error: null, name: 'one' });
      expect(await listBlocks(asked!.id)).toEqual([]);

      const whole = await requestSlideAnalyses(store, { versionId, path: join(folder, 'one.tif'), ...SCALE });
      const straight = await waitUntilEnded(whole.analyses[0]!.id);
      await worker.close();
      expect(straight).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
      expect(straight.artifactHash).toBe(resumed.artifactHash);
      expect(straight.calledPatches).toBe(resumed.calledPatches);
      await checkTissue(straight);
    },
    TIMEOUT_MS,
  );

  it(
    'ends within seconds when it is canceled, and fails for a file that is another one by now',
    async () => {
      const { store } = fixture;
      const path = join(folder, 'two.tif');
      await writeSeededSlide(path, plan, 6);
      const ask = async () => (await requestSlideAnalyses(store, { versionId, path, ...SCALE })).analyses[0]!;
      const first = await ask();
      forked = forkWorker(fixture);
      await waitFor(first.id, ({ patchesDone }) => patchesDone > 0);
      await cancelSlideAnalysis(store, first.id);
      expect(await waitUntilEnded(first.id)).toMatchObject({ status: 'CANCELED', artifactHash: null });
      expect(await listBlocks(first.id)).toEqual([]);

      const second = await ask();
      expect(second.id).not.toBe(first.id);
      await waitFor(second.id, ({ patchesDone }) => patchesDone > 0);
      forked.kill('SIGKILL');
      await once(forked, 'exit');
      await writeSeededSlide(path, plan, 7);
      const worker = await startWorker(store, { leaseStaleMs: 2000 });
      const failed = await waitUntilEnded(second.id);
      await worker.close();
      expect(failed.status).toBe('FAILED');
      expect(failed.error).toContain('two.tif is another file than the one whose analysis was begun.');
      await expect(
        store.database.pool.query(`update slide_analysis set status = 'QUEUED' where id = $1`, [failed.id]),
      ).rejects.toThrow('The analysis of a slide that has ended never changes.');
    },
    TIMEOUT_MS,
  );

  /** Squares well within tissue are there, those on glass or ink are not. */
  async function checkTissue(analysis: SlideAnalysis) {
    const grid = await readAnalysisGrid(fixture.store, analysis);
    const perBlock = BLOCK_PX / (TILE_PX * (SCALE.micronsPerPixel / plan.micronsPerPixel));
    const asked = new Set(grid.places);
    expect(grid.columns).toBe(plan.columns * perBlock);
    expect(grid.places).toEqual(grid.places.toSorted());
    for (let row = 0; row < plan.rows; row++)
      for (let column = 0; column < plan.columns; column++) {
        const [middleRow, middleColumn] = [row, column].map((at) => at * perBlock + perBlock / 2) as [
          number,
          number,
        ];
        const isAsked = asked.has(middleRow * grid.columns + middleColumn);
        expect([column, row, isAsked]).toEqual([column, row, plan.kindAt(column, row) === 'tissue']);
      }
    expect(analysis.patchesTotal).toBe(grid.places.length);
    expect(new Set(grid.probabilities).size).toBeGreaterThan(10);
  }

  function read(id: string): Promise<SlideAnalysis> {
    return fixture.store.database.prisma.slideAnalysis.findUniqueOrThrow({ where: { id } });
  }

  function listBlocks(analysisId: string) {
    return fixture.store.database.prisma.slideAnalysisBlock.findMany({
      where: { analysisId },
      orderBy: { first: 'asc' },
    });
  }

  async function waitFor(id: string, isReached: (row: SlideAnalysis) => boolean): Promise<SlideAnalysis> {
    await expect
      .poll(async () => isReached(await read(id)), { timeout: TIMEOUT_MS, interval: 20 })
      .toBe(true);
    return read(id);
  }

  function waitUntilEnded(id: string): Promise<SlideAnalysis> {
    return waitFor(id, ({ status }) => ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(status));
  }
});
