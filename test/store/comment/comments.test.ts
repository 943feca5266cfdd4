/** Comments on runs, experiments and models: in order, changed and deleted by their writer alone, told to all who follow the run, and held by the database. */
import { randomUUID } from 'node:crypto';
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { findProjects } from '@microtome/store/access/subject-projects';
import { addComment, COMMENTS_MAX, deleteComment, editComment } from '@microtome/store/comment/comments';
import { createListener } from '@microtome/store/database/listen';
import { createModel } from '@microtome/store/model/models';
import { followRunChanges } from '@microtome/store/run/follow-run-changes';
import { beforeAll, describe, expect, it } from 'vitest';
import { launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench, databaseUrl } = await openBench();
const { prisma, pool } = store.database;
const LOCAL = { accountId: null };
let runId: string;
let ada: { accountId: string };
let grace: { accountId: string };

beforeAll(async () => {
  runId = (await launchTestRun(store, bench)).id;
  const make = async (name: string) => ({ accountId: (await prisma.account.create({ data: { name } })).id });
  [ada, grace] = [await make('ada'), await make('grace')];
});

describe('a comment', () => {
  it('is changed and deleted by its writer alone', async () => {
    const { id } = await addComment(store, {
      subject: { noun: 'run', id: runId },
      text: '  looks **odd** ',
      author: 'ada',
      writer: ada,
    });
    const change = { commentId: id, text: 'no more', writer: grace };
    await expect(editComment(store, change)).rejects.toThrow(
      "This comment is of 'ada', who alone may change or delete it.",
    );
    await expect(deleteComment(store, change)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await prisma.comment.findUnique({ where: { id } })).toMatchObject({
      ...{ text: 'looks **odd**', author: 'ada', editedAt: null },
    });
    const edited = await editComment(store, { ...change, writer: ada });
    expect(edited).toMatchObject({ text: 'no more', editedAt: expect.any(Date) });
    await deleteComment(store, { commentId: id, writer: ada });
    expect(await prisma.comment.count({ where: { runId } })).toBe(0);
  });

  it('says something, of a run that is there', async () => {
    const add = (over: object) =>
      addComment(store, { subject: { noun: 'run', id: runId }, text: 'x', writer: LOCAL, ...over });
    await expect(add({ text: ' \n ' })).rejects.toThrow('The comment is empty.');
    await expect(add({ text: 'x'.repeat(10_001) })).rejects.toThrow('at most 10000 fit');
    await expect(add({ subject: { noun: 'model', id: randomUUID() } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(editComment(store, { commentId: randomUUID(), text: 'x', writer: LOCAL })).rejects.toThrow(
      'There is no comment',
    );
  });

  it('is told to all who follow the run', async () => {
    const listener = createListener(databaseUrl);
    const ending = new AbortController();
    const changes = followRunChanges(store, { experimentId: null, listener, signal: ending.signal });
    const heard = changes.next();
    await new Promise<void>((resolve) => listener.onReconnect(resolve));
    await addComment(store, { subject: { noun: 'run', id: runId }, text: 'heard', writer: LOCAL });
    expect((await heard).value).toMatchObject({ runId });
    ending.abort();
    await changes.return();
    await listener.close();
  });

  it('is of a run, an experiment or a model, and goes with it', async () => {
    const { experimentId } = bench;
    const model = await createModel(store, { name: 'commented' });
    for (const subject of [
      { noun: 'experiment', id: experimentId } as const,
      { noun: 'model', id: model.id } as const,
    ]) {
      const { id } = await addComment(store, { subject, text: 'so far', author: 'ada', writer: ada });
      const found = await findProjects(store, 'comment', [id]);
      expect(found.get(id)).toEqual([DEFAULT_PROJECT_ID]);
      const refused = editComment(store, { commentId: id, text: 'x', writer: grace });
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
      const both = `update comment set run_id = '${runId}' where id = '${id}'`;
      await expect(prisma.$executeRawUnsafe(both)).rejects.toThrow('only the text may change');
    }
    const none = `insert into comment (id, author, text) values (gen_random_uuid(), 'ada', 'x')`;
    await expect(prisma.$executeRawUnsafe(none)).rejects.toThrow('comment_subject_check');
    await prisma.model.delete({ where: { id: model.id } }).catch(() => undefined);
    expect(await prisma.comment.count({ where: { experimentId } })).toBe(1);
  });

  it('is one of so many at most', async () => {
    const full = await launchTestRun(store, bench, { seed: 2 });
    const text = 'x';
    await prisma.comment.createMany({
      data: Array.from({ length: COMMENTS_MAX }, () => ({ runId: full.id, author: 'ada', text })),
    });
    await expect(
      addComment(store, { subject: { noun: 'run', id: full.id }, text, writer: LOCAL }),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await prisma.run.delete({ where: { id: full.id } });
    expect(await prisma.comment.count({ where: { runId: full.id } })).toBe(0);
  });
});

describe('the database', () => {
  it.each([
    ['run_id', randomUUID()],
    ['author', 'another'],
    ['created_at', '2020-01-01'],
    ['created_by', null],
  ])('keeps %s of a comment as it was', async (column, value) => {
    const { id } = await addComment(store, {
      subject: { noun: 'run', id: runId },
      text: 'kept',
      author: 'ada',
      writer: ada,
    });
    await expect(pool.query(`update comment set ${column} = $2 where id = $1`, [id, value])).rejects.toThrow(
      'only the text may change',
    );
  });

  it('has no comment without a text', async () => {
    await expect(
      pool.query(`insert into comment (id, run_id, author, text) values ($1, $2, 'ada', ' ')`, [
        randomUUID(),
        runId,
      ]),
    ).rejects.toThrow('comment_text_check');
  });
});
