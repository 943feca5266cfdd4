import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSlideFiles } from '../../../apps/api/src/dataset/count-slide-files.ts';
import { type ImportRoots, openImportRoots } from '../../../apps/api/src/dataset/import-roots.ts';

let folder: string;
let roots: ImportRoots;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'import-roots-')));
  for (const path of ['open/set/10253', 'open/.hidden', 'closed/secret'])
    await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'open/patches.zip'), 'zip');
  await writeFile(join(folder, 'open/notes.md'), 'text');
  await writeFile(join(folder, 'open/what.csv'), 'a,b,c');
  await writeFile(join(folder, 'open/a slide.ndpi'), 'slide');
  for (const name of ['one.dcm', 'two.dcm', '.hidden.dcm', 'two.xml'])
    await writeFile(join(folder, 'open/set/10253', name), '');
  await symlink(join(folder, 'closed'), join(folder, 'open/way-out'));
  roots = await openImportRoots([join(folder, 'open'), join(folder, 'missing')]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('import roots', () => {
  it('leave out roots that do not exist', () => {
    expect(roots.paths).toEqual([join(folder, 'open')]);
  });

  it('resolve a path below a root, and the root itself', async () => {
    expect(await roots.resolveBelow(join(folder, 'open/set'))).toBe(join(folder, 'open/set'));
    expect(await roots.resolveBelow(join(folder, 'open'))).toBe(join(folder, 'open'));
  });

  it.each([
    ['a path next to the root', () => join(folder, 'closed/secret')],
    ['a path that climbs out', () => `${join(folder, 'open')}/../closed/secret`],
    ['a symbolic link that leads out', () => join(folder, 'open/way-out/secret')],
    ['a folder whose name begins like the root', () => join(folder, 'open-too')],
    ['the root of the disk', () => '/'],
    ['a relative path', () => 'etc'],
  ])('refuse %s, whether or not it exists', async (_name, path) => {
    await expect(roots.resolveBelow(path())).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/is not below an import root/),
    });
  });

  it.each(['', '   ', '\t\n'])(
    'refuse the path %j, which is none, and do not take the working folder for it',
    async (path) => {
      const working = await openImportRoots([process.cwd()]);
      for (const ask of [working.resolveBelow, working.browse]) {
        await expect(ask(path)).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'The path is empty.' });
      }
    },
  );

  it('show names without what breaks lines or turns text around', async () => {
    await mkdir(join(folder, 'open/set/evil\u202egnp\nname'));
    const { entries } = await roots.browse(join(folder, 'open/set'));
    expect(entries.map(({ name }) => name)).toEqual(['10253', 'evil\\u202egnp\\u000aname']);
    expect((await roots.browse(entries[1]!.path)).entries).toEqual([]);
    await expect(roots.resolveBelow(join(folder, 'open/no\u202esuch'))).rejects.toThrow(/no\\u202esuch/);
  });

  it('name a path below the root that is not there', async () => {
    await expect(roots.resolveBelow(join(folder, 'open/nothing'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `There is no file or folder '${join(folder, 'open/nothing')}'.`,
    });
  });

  it('list folders, zips and tables, then slides, by name, and leave out other files, hidden ones and links', async () => {
    const { path, parent, entries } = await roots.browse(null);
    expect({ path, parent }).toEqual({ path: join(folder, 'open'), parent: null });
    expect(entries).toEqual([
      {
        name: 'patches.zip',
        path: join(folder, 'open/patches.zip'),
        isZip: true,
        isTable: false,
        slideKind: null,
        bytes: 3,
      },
      {
        name: 'set',
        path: join(folder, 'open/set'),
        isZip: false,
        isTable: false,
        slideKind: null,
        bytes: null,
      },
      {
        name: 'what.csv',
        path: join(folder, 'open/what.csv'),
        isZip: false,
        isTable: true,
        slideKind: null,
        bytes: 5,
      },
      {
        ...{ name: 'a slide.ndpi', path: join(folder, 'open/a slide.ndpi'), isZip: false, isTable: false },
        ...{ slideKind: 'Hamamatsu NDPI', bytes: 5 },
      },
    ]);
    expect(await countSlideFiles(join(folder, 'open/set/10253'))).toBe(2);
    expect(await countSlideFiles(join(folder, 'open/nowhere'))).toBe(0);
    expect((await roots.browse(join(folder, 'open/set'))).parent).toBe(join(folder, 'open'));
  });

  it('stand in a list where there are several, so that each can be reached from the others', async () => {
    const places = [join(folder, 'open/set'), join(folder, 'open')];
    const several = await openImportRoots(places);
    const top = await several.browse(null);
    expect(top).toMatchObject({ path: '', parent: null });
    expect(top.entries.map(({ name, path }) => [name, path])).toEqual(places.map((path) => [path, path]));
    for (const path of places) expect((await several.browse(path)).parent).toBe('');
  });

  it('resolve a table within the source, also one in a zip, and none outside', async () => {
    const [open, zip] = [join(folder, 'open'), join(folder, 'open/patches.zip')];
    expect(await roots.resolveTable(open, 'what.csv')).toBe(join(open, 'what.csv'));
    expect(await roots.resolveTable(zip, 'notes/what.csv')).toBe(join(zip, 'notes/what.csv'));
    expect(await roots.resolveTable(zip, join(open, 'what.csv'))).toBe(join(open, 'what.csv'));
    for (const [source, table] of [
      [open, '../closed/secret'],
      [zip, '../../closed/secret'],
      [open, 'way-out/secret'],
      [open, '/etc/hostname'],
    ] as const)
      await expect(roots.resolveTable(source, table)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('say that a file is not a folder', async () => {
    await expect(roots.browse(join(folder, 'open/patches.zip'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/is not a folder/),
    });
  });
});
