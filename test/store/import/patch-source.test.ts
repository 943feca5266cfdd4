/** What a source lists, what it lets be read, and what it keeps out. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Refusal } from '@microtome/store/import/refusal';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createFolder,
  type FileTree,
  forgeDirectory,
  forgeName,
  writeTree,
  writeZip,
} from './patch-files.ts';

const MIB = 1024 * 1024;
const TREE: FileTree = {
  '101/0/a.png': Buffer.from('first'),
  '101/1/b.png': Buffer.alloc(0),
  'notes/c.txt': randomBytes(70_000),
};

async function scanPath(path: string, signal = new AbortController().signal) {
  const source = await openPatchSource(path);
  onTestFinished(() => source.close());
  const refusals: Refusal[] = [];
  const files = await source.scan({ refuse: (refusal) => refusals.push(refusal), signal });
  const codes = Object.fromEntries(refusals.map(({ path, code }) => [path, code]));
  return { files, codes, refusals };
}

async function readAll(path: string): Promise<FileTree> {
  const { files, codes } = await scanPath(path);
  expect(codes).toEqual({});
  const contents = files.map(async (file) => {
    const bytes = await file.read();
    if (!bytes.ok) throw new Error(`${file.path}: ${bytes.fault.reason}`);
    return [file.path, Buffer.from(bytes.value)] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

async function readFault(path: string) {
  const { files } = await scanPath(path);
  const bytes = await files[0]?.read();
  return bytes?.ok === false ? bytes.fault : 'it was read';
}

describe('a source of patches', () => {
  it('gives the same files and bytes from a folder and from a zip, stored, deflated or zip64', async () => {
    expect(await readAll(await writeTree(TREE))).toEqual(TREE);
    expect(await readAll(await writeZip(TREE))).toEqual(TREE);
    expect(await readAll(await writeZip(TREE, { compress: true }))).toEqual(TREE);
    expect(await readAll(await writeZip(TREE, { zip64: true }))).toEqual(TREE);
  });

  it('says in a sentence that there is nothing at the path, or nothing of the right kind', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'plain.txt'), 'hello');
    await expect(openPatchSource(join(folder, 'absent'))).rejects.toThrow(
      /^There is no folder or zip file at .*absent/,
    );
    await expect(openPatchSource(join(folder, 'plain.txt', 'x'))).rejects.toThrow(
      /^There is no folder or zip file/,
    );
    await expect(openPatchSource(join(folder, 'plain.txt'))).rejects.toThrow(
      /neither a folder nor a zip file/,
    );
    await expect(openPatchSource('a\0b')).rejects.toThrow('"a\\u0000b" is not a path.');
  });

  it('stops listing when it is told to', async () => {
    const stop = AbortSignal.abort();
    await expect(scanPath(await writeTree(TREE), stop)).rejects.toThrow(/aborted/);
    await expect(scanPath(await writeZip(TREE), stop)).rejects.toThrow(/aborted/);
  });
});

describe('a folder', () => {
  it('is never left through a link, and no link inside is followed', async () => {
    const outside = await writeTree({ '9/0/secret.png': Buffer.from('secret') });
    const folder = await writeTree({ '1/0/a.png': Buffer.from('a') });
    await symlink(join(outside, '9'), join(folder, '9'));
    await symlink(join(outside, '9/0/secret.png'), join(folder, '1/0/b.png'));
    await symlink('..', join(folder, '1/loop'));
    const { files, codes } = await scanPath(folder);
    expect(files.map(({ path }) => path)).toEqual(['1/0/a.png']);
    expect(codes).toEqual({ '9': 'LINK', '1/0/b.png': 'LINK', '1/loop': 'LINK' });
  });

  it('does not read a file that became a link after it was listed', async () => {
    const outside = await writeTree({ 'secret.png': Buffer.from('secret') });
    const folder = await writeTree({ 'a.png': Buffer.from('a') });
    const { files } = await scanPath(folder);
    await rm(join(folder, 'a.png'));
    await symlink(join(outside, 'secret.png'), join(folder, 'a.png'));
    expect(await files[0]?.read()).toMatchObject({ ok: false, fault: { code: 'UNREADABLE' } });
  });

  it('keeps pipes, folders that lie too deep and files that are too large apart', async () => {
    const folder = await writeTree({
      'large.png': Buffer.alloc(8 * MIB + 1),
      '1/2/3/4/5/6/7/8/9/x.png': Buffer.alloc(1),
    });
    execFileSync('mkfifo', [join(folder, 'pipe.png')]);
    const { files, codes } = await scanPath(folder);
    expect(codes).toEqual({ 'pipe.png': 'NOT_A_FILE', '1/2/3/4/5/6/7/8/9/': 'TOO_DEEP' });
    expect(files.map(({ path }) => path)).toEqual(['large.png']);
    expect(await files[0]?.read()).toMatchObject({ ok: false, fault: { code: 'TOO_LARGE' } });
  });

  it('that may not be read is refused as such, and one inside is left out', async () => {
    const folder = await writeTree({ '1/0/a.png': Buffer.from('a'), '2/0/b.png': Buffer.from('b') });
    await chmod(join(folder, '2'), 0o000);
    await mkdir(join(folder, 'closed'), { mode: 0o000 });
    await chmod(folder, 0o755);
    const isRoot = process.geteuid?.() === 0;
    // Permission bits do not bind root, who becomes nobody for the time of the test.
    if (isRoot) process.seteuid?.(65534);
    try {
      const { files, codes } = await scanPath(folder);
      expect(files.map(({ path }) => path)).toEqual(['1/0/a.png']);
      expect(codes).toEqual({ '2/': 'UNREADABLE', 'closed/': 'UNREADABLE' });
      await expect(scanPath(join(folder, 'closed'))).rejects.toThrow(/^No permission to read .*closed\.$/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('whose file has vanished since it was listed gives a fault for that file', async () => {
    const folder = await writeTree({ 'a.png': Buffer.from('a') });
    const { files } = await scanPath(folder);
    await rm(join(folder, 'a.png'));
    expect(await files[0]?.read()).toMatchObject({
      ok: false,
      fault: { reason: expect.stringContaining('ENOENT') },
    });
  });
});

describe('a zip', () => {
  it('that was cut off or is broken is refused in a sentence', async () => {
    const cutOff = await writeZip(TREE, { forge: (bytes) => bytes.subarray(0, bytes.length / 2) });
    await expect(scanPath(cutOff)).rejects.toThrow(/is a damaged zip file: it was cut off/);
    const scrambled = await writeZip(TREE, {
      forge: forgeDirectory('b.png', (record) => record.fill(0, 0, 4)),
    });
    await expect(scanPath(scrambled)).rejects.toThrow(/is a damaged zip file: .*its directory is broken/);
  });

  it('cannot name a place outside itself', async () => {
    const names = ['xxxxx/1.png', 'xxxxxxx/2.png', 'x/x/3.png', 'xxx/4.png'];
    const path = await writeZip(Object.fromEntries(names.map((name) => [name, Buffer.from('x')])), {
      forge: (bytes) =>
        [
          forgeName('xxxxx/1.png', '../../1.png'),
          forgeName('xxxxxxx/2.png', '/root/x/2.png'),
          forgeName('x/x/3.png', 'x\\..\\3.pn'),
          forgeName('xxx/4.png', 'C:\\a4.png'),
        ].reduce((forged, forge) => forge(forged), bytes),
    });
    const { files, codes } = await scanPath(path);
    expect(files).toEqual([]);
    expect(Object.values(codes)).toEqual(Array(4).fill('PATH_ESCAPES'));
  });

  it('with links, encrypted or oddly packed entries loses those entries only', async () => {
    const tree = {
      'link.png': Buffer.from('/etc/passwd'),
      'locked.png': Buffer.from('x'),
      'lzma.png': Buffer.from('x'),
    };
    const path = await writeZip(
      { ...tree, 'good.png': Buffer.from('good') },
      {
        forge: (bytes) =>
          [
            forgeDirectory('link', (record) => record.writeUInt32LE((0o120777 << 16) >>> 0, 38)),
            forgeDirectory('locked', (record) => record.writeUInt16LE(1, 8)),
            forgeDirectory('lzma', (record) => record.writeUInt16LE(14, 10)),
          ].reduce((forged, forge) => forge(forged), bytes),
      },
    );
    const { files, codes } = await scanPath(path);
    expect(files.map(({ path }) => path)).toEqual(['good.png']);
    expect(codes).toEqual({ 'link.png': 'LINK', 'locked.png': 'ENCRYPTED', 'lzma.png': 'UNREADABLE' });
  });

  it('cannot blow up: entries that declare too much, or inflate a hundredfold, are not inflated', async () => {
    const tree = { 'huge.png': Buffer.alloc(9 * MIB), 'ratio.png': Buffer.alloc(2 * MIB) };
    const { files, codes } = await scanPath(await writeZip(tree, { compress: true }));
    expect(files).toEqual([]);
    expect(codes).toEqual({ 'huge.png': 'TOO_LARGE', 'ratio.png': 'SUSPICIOUS_RATIO' });
  });

  it('cannot blow up: an entry that inflates to more than it declares is cut short', async () => {
    const forge = forgeDirectory('liar', (record) => record.writeUInt32LE(1000, 24));
    const path = await writeZip({ 'liar.png': Buffer.alloc(2 * MIB) }, { compress: true, forge });
    expect(await readFault(path)).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('cannot blow up: entries that share their bytes are a bomb', async () => {
    const forge = (bytes: Buffer) =>
      forgeDirectory('.png', (record) => record.writeUInt32LE(bytes.length - 100, 20))(bytes);
    const path = await writeZip({ 'a.png': randomBytes(5000), 'b.png': randomBytes(5000) }, { forge });
    await expect(scanPath(path)).rejects.toThrow(/it has entries that overlap, as in a zip bomb/);
  });

  it('whose entry is damaged, misplaced or shorter than declared gives a fault for it', async () => {
    const content = Buffer.from('unmistakable content');
    const damage = forgeName('unmistakable', 'unmistakenly');
    expect(await readFault(await writeZip({ 'a.png': content }, { forge: damage }))).toMatchObject({
      reason: 'Its bytes are damaged (CRC).',
    });
    const misplace = forgeDirectory('a.png', (record) => record.writeUInt32LE(7, 42));
    expect(await readFault(await writeZip({ 'a.png': content }, { forge: misplace }))).toMatchObject({
      code: 'UNREADABLE',
    });
    const shorten = forgeDirectory('a.png', (record) => record.writeUInt32LE(5, 24));
    expect(await readFault(await writeZip({ 'a.png': content }, { forge: shorten }))).toMatchObject({
      code: 'UNREADABLE',
    });
    const scramble = forgeDirectory('a.png', (record) => record.writeUInt16LE(8, 10));
    expect(await readFault(await writeZip({ 'a.png': content }, { forge: scramble }))).toMatchObject({
      code: 'UNREADABLE',
    });
  });
});
