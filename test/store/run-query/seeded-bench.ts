/** A bench with runs that are drawn from a seed, for what is asked of many runs; the tests compare with the runs themselves. */
import { drawRuns, insertRuns, type SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { openBench } from '../open-bench.ts';

export async function openSeededBench(
  drawn: Pick<Parameters<typeof drawRuns>[0], 'count' | 'epochs'>,
): Promise<Awaited<ReturnType<typeof openBench>> & { runs: SeededRun[] }> {
  const opened = await openBench();
  const { datasetId, split, experimentId } = opened.bench;
  const places = [{ experimentId, datasetId, splitId: split.id }];
  const runs = drawRuns({ ...drawn, seed: 11, places, endsAt: new Date('2026-10-01T12:00:00Z') });
  await insertRuns(opened.store, runs);
  return { ...opened, runs };
}
