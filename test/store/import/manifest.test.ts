/** A manifest joined to the files of a source: what is recognised, what is counted, and what ends the import. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { createFolder, type FileTree, writeTree, writeZip } from './patch-files.ts';
import { seeImport } from './see-import.ts';

const EMPTY = Buffer.alloc(0);
const treeOf = (...paths: string[]): FileTree => Object.fromEntries(paths.map((path) => [path, EMPTY]));

async function see(tree: FileTree, text: string | Buffer, map: string[] = []) {
  const manifest = join(await createFolder(), 'table.csv');
  await writeFile(manifest, text);
  return seeImport({ path: await writeTree(tree), layout: null, manifest, map, magnification: null });
}

const keysOf = ({ manifest }: Awaited<ReturnType<typeof see>>) =>
  Object.fromEntries((manifest?.columns ?? []).flatMap(({ name, key }) => (key ? [[key, name]] : [])));

describe('columns', () => {
  it('are recognised by their names and by what they hold', async () => {
    const rows = ['', 'a/1.png,P1,S1,lab A,tumour,10,20,0.5,valid', 'a/2.png,P2,S2,lab B,normal,,,,test'];
    const header = 'Image File,Patient ID,slide_id,Centre,Class,x_coord,y_coord,MPP,assigned';
    const found = await see(treeOf('a/1.png', 'a/2.png'), [header, ...rows].join('\n'));
    expect(keysOf(found)).toEqual({
      path: 'Image File',
      patient: 'Patient ID',
      slide: 'slide_id',
      site: 'Centre',
      label: 'Class',
      x: 'x_coord',
      y: 'y_coord',
      mpp: 'MPP',
      subset: 'assigned',
    });
    expect(found).toMatchObject({ unit: 'PATIENT', patients: 2, slides: 2, patches: 2, placed: 1 });
  });

  it('are mapped by hand, over what was recognised; the first rows show what each holds', async () => {
    const text = 'file,case,what,tumor\n1.png,P1,yes,0\n2.png,P2,no,1\n';
    const tree = treeOf('1.png', '2.png');
    expect(keysOf(await see(tree, text))).toEqual({ path: 'file', patient: 'case', label: 'tumor' });
    const mapped = await see(tree, text, ['label=what', 'patient=']);
    expect(keysOf(mapped)).toEqual({ path: 'file', label: 'what' });
    expect(mapped.unit).toBe('NONE');
    expect(mapped.manifest?.rows).toEqual([
      { line: 2, cells: ['1.png', 'P1', 'yes', '0'] },
      { line: 3, cells: ['2.png', 'P2', 'no', '1'] },
    ]);
    await expect(see(tree, text, ['label=grade'])).rejects.toThrow(
      "The table has no column 'grade': it has 'file', 'case', 'what', 'tumor'.",
    );
    await expect(see(tree, text, ['colour=what'])).rejects.toThrow(
      /^The mapping 'colour=what' is not of the form KEY=COLUMN, where KEY is one of path, patient/,
    );
  });

  it('that name no file are said, with all that there are', async () => {
    await expect(see(treeOf('1.png'), 'grade,stage\nlow,early\n')).rejects.toThrow(
      /^No column of table\.csv names files of the source: it has 'grade', 'stage'\. Say which one/,
    );
  });
});

describe('a table', () => {
  const tree = treeOf('1.png', '2.png', '3.png');
  const expected = {
    patches: 3,
    patients: 2,
    classes: [
      { name: 'a', patches: 2 },
      { name: 'b, "c"', patches: 1 },
    ],
  };
  it.each([
    ['with a byte order mark', '\ufefffile,patient,label\n1.png,P1,a\n2.png,P1,"b, ""c"""\n3.png,P2,a\n'],
    ['with other line ends', 'file,patient,label\r\n1.png,P1,a\r\n2.png,P1,"b, ""c"""\r\n3.png,P2,a'],
    ['with tabs', 'file\tpatient\tlabel\n1.png\tP1\ta\n2.png\tP1\t"b, ""c"""\n3.png\tP2\ta\n'],
    ['with semicolons', 'file;patient;label\n1.png;P1;a\n2.png;P1;"b, ""c"""\n3.png;P2;a\n'],
    [
      'with an unnamed first column',
      ',file,patient,label\n0,1.png,P1,a\n1,2.png,P1,"b, ""c"""\n2,3.png,P2,a\n',
    ],
    ['with ragged rows', 'file,patient,label,note\n1.png,P1,a\n2.png,P1,"b, ""c""",x,y,z\n3.png,P2,a,\n'],
    [
      'in UTF-16',
      Buffer.from('\ufefffile,patient,label\n1.png,P1,a\n2.png,P1,"b, ""c"""\n3.png,P2,a\n', 'utf16le'),
    ],
    ['packed by gzip', gzipSync('file,patient,label\n1.png,P1,a\n2.png,P1,"b, ""c"""\n3.png,P2,a\n')],
  ])('%s says the same', async (_, text) => {
    expect(await see(tree, text)).toMatchObject(expected);
  });

  it("says that it does not know by '--, NA and nothing", async () => {
    const text = "file,patient,site,label\n1.png,'--,NA,a\n2.png,,n/a,b\n3.png,P2,,b\n";
    expect(await see(tree, text)).toMatchObject({ patients: 1, sites: [], unit: 'NONE' });
  });

  it('lies next to a zip, in it, or among the files of a folder', async () => {
    const text = 'file,label\n1.png,a\n2.png,b\n3.png,b\n';
    const zip = await writeZip({ ...tree, 'notes/what.csv': Buffer.from(text) });
    const inZip = { path: zip, layout: null, manifest: 'notes/what.csv', map: [], magnification: null };
    const folder = await writeTree({ ...tree, 'what.csv': Buffer.from(text) });
    const inFolder = { ...inZip, path: folder, manifest: 'what.csv' };
    const onDisk = { ...inZip, manifest: join(folder, 'what.csv') };
    for (const request of [inZip, inFolder, onDisk]) {
      expect(await seeImport(request)).toMatchObject({
        patches: 3,
        refusedCount: 0,
        manifest: { rowCount: 3 },
      });
    }
    await expect(seeImport({ ...inZip, manifest: 'other.csv' })).rejects.toThrow(
      /^There is no manifest other\.csv: neither on disk nor in .*\.zip, which holds notes\/what\.csv\.$/,
    );
  });
});

describe('rows and files', () => {
  it('without one another are counted and named, as are files that two rows name alike', async () => {
    const text = 'file,label\n1.png,a\n1.png,a\n4.png,b\n,b\n';
    const found = await see(treeOf('1.png', '2.png', 'notes.txt', 'readme.md'), text);
    expect(found.manifest).toMatchObject({
      rowCount: 4,
      rowsWithoutFile: 2,
      filesWithoutRow: 1,
      filesTwice: 1,
    });
    expect(Object.fromEntries(found.refusals.map(({ path, reason }) => [path, reason]))).toEqual({
      '2.png': 'No row of the manifest names it.',
      '4.png': 'Line 4 of the manifest names it, and there is no such file.',
      'readme.md': 'It is no image by its name, and no row names it.',
      'table.csv, line 5': 'The row names no file.',
    });
  });

  it('meet whatever the case, the accents, the slashes and the folders around', async () => {
    const composed = 'Été/Lame (1), b.PNG'.normalize('NFC');
    const tree = treeOf(`set/${composed.normalize('NFD')}`, 'set/b/2.png', 'set/c/2.png');
    const rows = [`"${composed.toLowerCase()}",a`, 'set\\b\\2.png,b', '/data/old/set/c/2.png,b'];
    expect(await see(tree, ['file,label', ...rows].join('\n'))).toMatchObject({
      patches: 3,
      refusedCount: 0,
    });
    expect(await see(treeOf('set/slide.1.png'), 'file,label\nslide.1,a\n')).toMatchObject({ patches: 1 });
  });

  it('that differ in a folder do not meet', async () => {
    const found = await see(treeOf('train/1.png'), 'file,label\ntest/1.png,a\ntrain/1.png,b\n');
    expect(found.classes).toEqual([{ name: 'b', patches: 1 }]);
    expect(found.manifest).toMatchObject({ rowsWithoutFile: 1 });
  });
});

test.each([
  [
    'file,label\n1.png,a\n1.png,b\n',
    "table.csv, line 3 says of 1.png that its class is 'b' and not 'a', unlike line 2.",
  ],
  [
    'file,patient,label\n1.png,,a\n1.png,P,a\n',
    "table.csv, line 3 says of 1.png that its patient is 'P' and not unknown, unlike line 2.",
  ],
  ['file,label\n1.png,a\n../1.png,b\n', "table.csv, line 3: the path '../1.png' leads out of the source."],
  [
    'file,label\n2.png,a\n',
    "table.csv, line 2 names '2.png', which 2 files are called: write the folder before it too.",
  ],
  ['file,label,x,y\n1.png,a,5,\n', "table.csv, line 2: the place is x '5', y '': one of them is missing."],
  [
    'file,label,x,y\n1.png,a,5,-3\n',
    "table.csv, line 2: the y is '-3', which is no whole number of pixels from 0 to 1,000,000.",
  ],
  [
    'file,label,mpp\n1.png,a,zero\n',
    "table.csv, line 2: the µm per pixel are 'zero', which is no number above 0.",
  ],
  [
    'file,label,split\n1.png,a,holdout\n',
    "table.csv, line 2: the subset is 'holdout', which is neither train, validation nor test.",
  ],
  [
    'file,patient,label\n1.png,"P\u00001",a\n',
    "table.csv, line 2: the patient is 'P\\u00001', and U+0000 in it cannot be seen.",
  ],
  [
    'file,slide,label\n1.png,"S\n1",a\n',
    "table.csv, line 3: the slide is 'S\\u000a1', and U+000A in it cannot be seen.",
  ],
  [
    'file,site,label\n1.png,cen\u202etre,a\n',
    "table.csv, line 2: the site is 'cen\\u202etre', and U+202E in it cannot be seen.",
  ],
  ['file,label\n"1.png,a\n', /^table\.csv cannot be read at line \d: a quote is opened and never closed\.$/],
  ['', 'table.csv is an empty table.'],
  [
    Buffer.from([0x66, 0x69, 0x2c, 0xe9, 0x0a]),
    'table.csv is not written in UTF-8: save it as "CSV UTF-8" first.',
  ],
  [Buffer.from('PK\u0003\u0004xlsx'), 'table.csv is a spreadsheet: save it as CSV first.'],
  [Buffer.from('PAR1 and no more of it'), /^table\.csv cannot be read as Parquet: /],
])('what cannot be ends the import with the line and the value: %j', async (text, sentence) => {
  await expect(see(treeOf('1.png', 'a/2.png', 'b/2.png'), text)).rejects.toThrow(sentence);
});

test('a table with more rows than a dataset can have files is refused as it is read', async () => {
  const block = '1.png,a\n'.repeat(50_000);
  const text = `file,label\n${block.repeat(25)}`;
  await expect(see(treeOf('1.png'), text)).rejects.toThrow(
    'table.csv has more than 1,200,000 rows; a dataset has at most 600,000 files. Divide it.',
  );
}, 60_000);
