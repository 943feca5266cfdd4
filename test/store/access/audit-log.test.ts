import { readAudit, recordAudit } from '@microtome/store/access/audit-log';
import { createProject } from '@microtome/store/access/projects';
import { expect, it } from 'vitest';
import { openBench } from '../open-bench.ts';

it('tells who manages one of several projects that something was done, and nothing of the others', async () => {
  const { store } = await openBench();
  const [own, other] = [(await createProject(store, 'own')).id, (await createProject(store, 'other')).id];
  await recordAudit(store, {
    ...{
      accountId: null,
      accountName: 'ada',
      credential: 'session',
      act: 'tagRuns',
      address: 'x',
      requestId: 'r',
    },
    ...{ projectIds: [own, other], subject: { noun: 'run', id: 'hidden' }, asked: { name: 'hidden' } },
    ...{ before: { notes: 'hidden' }, after: { notes: 'hidden' }, error: 'hidden' },
  });
  const read = async (projectIds: string[] | null) => {
    const entries = [];
    for await (const entry of readAudit(store, { projectIds })) entries.push(entry);
    return entries;
  };
  const [part] = await read([own]);
  expect(part).toMatchObject({ act: 'tagRuns', accountName: 'ada' });
  expect(JSON.stringify(part)).not.toContain('hidden');
  for (const whole of [await read([own, other]), await read(null)]) {
    expect(whole[0]).toMatchObject({ subjectId: 'hidden', before: { notes: 'hidden' }, error: 'hidden' });
  }
});
