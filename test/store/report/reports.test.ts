/** Reports: whoever saves second is told, what is frozen stays, and the database holds both. */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { createProject } from '@microtome/store/access/projects';
import { gatherPanels } from '@microtome/store/report/gather-panels';
import {
  changeReport,
  createReport,
  deleteReport,
  freezeReport,
  thawReport,
} from '@microtome/store/report/reports';
import { describe, expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, other, bench } = await openSharedBench();
const { prisma } = store.database;
const projectId = DEFAULT_PROJECT_ID;
let made = 0;
const create = (body = '') =>
  createReport(store, { projectId, name: `report ${made++}`, body, author: 'Ada' });
const TABLE = '```table\ncolumns: seed, validation.auc\nsort: seed\n```';

describe('a report', () => {
  it('is changed from the version that was read, by one of two at once', async () => {
    const { id } = await create('so far');
    const outcomes = await Promise.allSettled([
      changeReport(store, { id, version: 1, body: 'by Ada', changedBy: 'Ada' }),
      changeReport(other, { id, version: 1, body: 'by Bo', changedBy: 'Bo' }),
    ]);
    const [kept] = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const [refused] = outcomes.filter((outcome) => outcome.status === 'rejected');
    const winner = kept!.value.changedBy;
    expect(refused!.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(new RegExp(`^${winner} has changed the report 'report .*' meanwhile`)),
    });
    expect(await prisma.report.findUnique({ where: { id } })).toMatchObject({
      ...{ body: `by ${winner}`, version: 2, author: 'Ada' },
    });
  });

  it('has its version, and what never changes, held by the database', async () => {
    const { id } = await create('so far');
    const write = (set: string) => prisma.$executeRawUnsafe(`update report set ${set} where id = '${id}'`);
    await expect(write(`body = 'over'`)).rejects.toThrow('is at version 1: a change of it makes version 2');
    await expect(write(`body = 'over', version = 3`)).rejects.toThrow('makes version 2, not 3');
    await expect(write(`author = 'Bo'`)).rejects.toThrow('only the name and the text may change');
    await expect(write(`name = ' ', version = 2`)).rejects.toThrow('report_name_check');
    await write(`body = 'over', version = 2`);
  });

  it('has a name that is unique in its project', async () => {
    const { id: elsewhere } = await createProject(store, 'another ward');
    const name = 'of the month';
    const { id } = await createReport(store, { projectId, name });
    await createReport(store, { projectId: elsewhere, name });
    const message = `There is a report '${name}' in this project already: choose another name.`;
    await expect(createReport(store, { projectId, name: ` ${name} ` })).rejects.toMatchObject({ message });
    const second = await create();
    await expect(changeReport(store, { id: second.id, version: 1, name })).rejects.toMatchObject({ message });
    await deleteReport(store, id);
    await expect(deleteReport(store, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(changeReport(store, { id, version: 1, name })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await changeReport(store, { id: second.id, version: 1, name });
  });

  it('keeps a draft whose panels do not fit, and says so in their place', async () => {
    const { body } = await create('```table\ncolumns: nothing\n```\n\n```comparison\nruns: seed = 99\n```');
    expect(await gatherPanels(store, { projectId, pairs: {}, body })).toEqual([
      { kind: 'PROBLEM', sentence: expect.stringMatching(/^'nothing' is no field of runs/) },
      { kind: 'PROBLEM', sentence: 'Compare 2 to 200 different runs, not 0.' },
    ]);
    const many = '```chart\nmetrics: a\n```\n'.repeat(41);
    await expect(create(many)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('a frozen report', () => {
  it('shows what it showed, whatever becomes of the runs, until it is thawed', async () => {
    const run = await launchTestRun(store, bench, { seed: 1 });
    await finishTestRun(store, run, { seed: 1, auc: 0.8 });
    const { id, body } = await create(`${TABLE}\n\n\`\`\`chart\nmetrics: validation.auc\n\`\`\``);
    const live = () => gatherPanels(store, { projectId, pairs: {}, body });
    const kept = async () => (await prisma.reportFreeze.findUnique({ where: { reportId: id } }))?.panels;
    const before = await live();
    expect(before).toMatchObject([
      {
        kind: 'TABLE',
        runCount: 1,
        rows: [{ runId: run.id, run: run.name, cells: [1, expect.any(Number)] }],
      },
      { kind: 'CHART', series: [{ runId: run.id, name: 'validation.auc', points: expect.any(Array) }] },
    ]);
    await freezeReport(store, { id, version: 1, frozenBy: 'Ada' });
    await launchTestRun(store, bench, { seed: 2 });
    expect(await kept()).toEqual(before);
    expect(await live()).toMatchObject([{ runCount: 2 }, { runCount: 2 }]);
    const refusal = {
      code: 'CONFLICT',
      message: expect.stringContaining('was frozen by Ada: thaw it first'),
    };
    await expect(changeReport(store, { id, version: 1, body: 'x' })).rejects.toMatchObject(refusal);
    await expect(freezeReport(store, { id, version: 1 })).rejects.toMatchObject(refusal);
    await prisma.run.delete({ where: { id: run.id } }).catch(() => undefined);
    expect(await kept()).toEqual(before);
    await thawReport(store, id);
    expect(await kept()).toBeUndefined();
    expect(await changeReport(store, { id, version: 1, body: 'x' })).toMatchObject({ version: 2 });
  });

  it('is of the text as it stands, and held by the database', async () => {
    const { id } = await create(TABLE);
    await changeReport(store, { id, version: 1, body: `${TABLE}\n` });
    await expect(freezeReport(store, { id, version: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
    const insert = (version: number) =>
      prisma.$executeRawUnsafe(
        `insert into report_freeze (report_id, version, panels, frozen_by) values ('${id}', ${version}, '[]', 'Bo')`,
      );
    await expect(insert(1)).rejects.toThrow('is no more at version 1');
    await insert(2);
    const write = (sql: string) => prisma.$executeRawUnsafe(`${sql} = '${id}'`);
    await expect(write(`update report set body = 'x', version = 3 where id`)).rejects.toThrow('is frozen');
    await expect(write(`update report_freeze set panels = '[1]' where report_id`)).rejects.toThrow(
      'does not change',
    );
    await deleteReport(store, id);
    expect(await prisma.reportFreeze.count({ where: { reportId: id } })).toBe(0);
  });

  it('shows runs of its own project alone', async () => {
    const { id: elsewhere } = await createProject(store, 'a third ward');
    expect(await gatherPanels(store, { projectId: elsewhere, pairs: {}, body: TABLE })).toMatchObject([
      { kind: 'TABLE', rows: [], runCount: 0 },
    ]);
  });
});
