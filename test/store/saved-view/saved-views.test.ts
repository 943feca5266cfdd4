import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { createProject } from '@microtome/store/access/projects';
import { changeSavedView, createSavedView, deleteSavedView } from '@microtome/store/saved-view/saved-views';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

const save = (
  name: string,
  more: { name?: string; projectId?: string; isDefault?: boolean; address?: string } = {},
) => createSavedView(test.store, { projectId: DEFAULT_PROJECT_ID, name, address: 'group=seed', ...more });
const listDefaults = async () => {
  const found = await test.store.database.prisma.savedView.findMany({ where: { isDefault: true } });
  return found.map(({ name }) => name).sort();
};

describe('saved views', () => {
  it('have a name that is unique in the project, and one default each, whoever comes first', async () => {
    const { id: other } = await createProject(test.store, 'another ward');
    const views = await Promise.all(['a', 'b', 'c'].map((name) => save(name, { isDefault: true })));
    expect(await listDefaults()).toHaveLength(1);
    await save('a', { projectId: other, isDefault: true });
    await changeSavedView(test.store, { id: views[1]!.id, isDefault: true });
    expect(await listDefaults()).toEqual(['a', 'b']);
    await expect(save(' a ')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining("There is a view 'a'"),
    });
    await expect(changeSavedView(test.store, { id: views[1]!.id, name: 'c' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('change in the parts that are named, and go', async () => {
    const { id, createdAt } = await save('mine');
    const renamed = await changeSavedView(test.store, { id, name: 'ours' });
    expect(renamed).toMatchObject({ name: 'ours', address: 'group=seed', isDefault: false });
    const overwritten = await changeSavedView(test.store, { id, address: 'sort=lr' });
    expect(overwritten).toMatchObject({ name: 'ours', address: 'sort=lr', createdAt });
    await deleteSavedView(test.store, id);
    for (const act of [deleteSavedView, () => changeSavedView(test.store, { id, name: 'x' })])
      await expect(act(test.store, id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `There is no saved view '${id}'.`,
      });
  });

  it('are refused with the reason when something does not fit', async () => {
    for (const [more, code] of [
      [{ name: ' ' }, 'BAD_INPUT'],
      [{ address: 'x'.repeat(20_001) }, 'BAD_INPUT'],
      [{ projectId: crypto.randomUUID() }, 'NOT_FOUND'],
    ] as const) {
      await expect(save('odd', more), JSON.stringify(more).slice(0, 60)).rejects.toMatchObject({ code });
    }
    await test.store.database.pool.query(
      `insert into saved_view (id, project_id, name, address) select gen_random_uuid(), $1, 'n ' || number, '' from generate_series(1, 200) number`,
      [DEFAULT_PROJECT_ID],
    );
    await expect(save('one more')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('200 saved views'),
    });
  });

  it('are held to one default by the database', async () => {
    const insert = `insert into saved_view (id, project_id, name, address, is_default) values (gen_random_uuid(), $1, $2, '', true)`;
    const { rows } = await test.store.database.pool.query('select id from project where name = $1', [
      'another ward',
    ]);
    await expect(test.store.database.pool.query(insert, [rows[0].id, 'second'])).rejects.toThrow(
      'saved_view_one_default',
    );
  });
});
