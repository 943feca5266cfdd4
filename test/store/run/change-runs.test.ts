/** One act on many runs: what can be changed is, and the others say why. */
import { AppError } from '@microtome/domain/app-error';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { changeRuns, type RunsAct } from '@microtome/store/run/change-runs';
import { describe, expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();
const { prisma } = store.database;

const NO_RUN = '00000000-0000-7000-8000-00000000dead';
const read = (id: string) => prisma.run.findUnique({ where: { id } });
const change = (runIds: string[], act: RunsAct) => changeRuns(store, { runIds, act });

async function launchThree() {
  const runs = [];
  for (const seed of [1, 2, 3]) runs.push(await launchTestRun(store, bench, { seed }));
  return runs;
}

describe('an act on many runs', () => {
  it('archives them and brings them back, and names those that are not there', async () => {
    const ids = (await launchThree()).map(({ id }) => id);
    const done = await change([...ids, NO_RUN], { kind: 'ARCHIVE' });
    expect(new Set(done.runIds)).toEqual(new Set(ids));
    expect(done.refused).toEqual([{ runId: NO_RUN, name: '', reason: `There is no run ${NO_RUN}.` }]);
    expect((await read(ids[0]!))?.archivedAt).not.toBeNull();
    await change(ids, { kind: 'RESTORE' });
    expect((await read(ids[0]!))?.archivedAt).toBeNull();
  });

  it('adds tags behind those that are there, once each, and takes them away; none gets too many', async () => {
    const [first, second] = await launchThree();
    const full = Array.from({ length: 49 }, (_, at) => `t${at}`);
    await prisma.run.update({ where: { id: first!.id }, data: { tags: ['b', 'x'] } });
    await prisma.run.update({ where: { id: second!.id }, data: { tags: full } });
    const done = await change([first!.id, second!.id], { kind: 'TAG', tags: [' a ', 'b', 'c'] });
    expect((await read(first!.id))?.tags).toEqual(['b', 'x', 'a', 'c']);
    expect((await read(second!.id))?.tags).toEqual(full);
    expect(done.refused).toEqual([
      { runId: second!.id, name: second!.name, reason: 'It would have more than 50 tags.' },
    ]);
    await change([first!.id], { kind: 'UNTAG', tags: ['x', 'c', 'not there'] });
    expect((await read(first!.id))?.tags).toEqual(['b', 'a']);
    await expect(change([first!.id], { kind: 'TAG', tags: ['a\u0000'] })).rejects.toThrow(AppError);
  });

  it('cancels and deletes each for itself: one that cannot be holds no other back', async () => {
    const [waits, kept, settled] = await launchThree();
    for (const run of [kept!, settled!]) await finishTestRun(store, run);
    const { id: modelId } = await createModel(store, { name: 'kept' });
    await registerModelVersion(store, { modelId, runId: kept!.id });
    const ids = [waits!.id, kept!.id, settled!.id];
    const canceled = await change(ids, { kind: 'CANCEL' });
    expect(canceled.runIds).toEqual([waits!.id]);
    expect(canceled.refused[0]).toMatchObject({
      name: kept!.name,
      reason: expect.stringContaining('has SUCCEEDED'),
    });
    const deleted = await change(ids, { kind: 'DELETE' });
    expect(deleted.runIds).toEqual([waits!.id, settled!.id]);
    expect(deleted.refused).toMatchObject([
      { runId: kept!.id, reason: expect.stringContaining('a model version') },
    ]);
    expect(await read(settled!.id)).toBeNull();
    expect(await read(kept!.id)).not.toBeNull();
  });

  it('takes so many runs at once', async () => {
    const many = Array.from(
      { length: 501 },
      (_, at) => `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    );
    await expect(change(many, { kind: 'CANCEL' })).rejects.toThrow(
      'There are 501 runs at once: at most 500 fit.',
    );
  });
});
