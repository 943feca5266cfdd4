/** Zips that are odd, and zips that are damaged: every file is there, or a word says that it is not. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import type { Refusal } from '@microtome/store/import/refusal';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultInput, HAS_FAULT_INPUTS, WHERE_ABSENT } from '../../fixtures/fault-inputs.ts';
import { type ForgedEntry, forgeZip, writeBytes, writeForgedZip, writeLargeZip } from './forged-zip.ts';
import { type FileTree, writeZip } from './patch-files.ts';

const entriesOf = (count: number): ForgedEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `101/0/101_idx5_x${1 + 50 * index}_y1_class0.png`,
    content: Buffer.from(`pixels of ${index}`),
  }));
const FOUR = entriesOf(4);
const NAMES = FOUR.map(({ name }) => name);

async function scan(path: string) {
  const source = await openPatchSource(path);
  try {
    const refusals: Refusal[] = [];
    const refuse = (refusal: Refusal) => refusals.push(refusal);
    const files = await source.scan({ refuse, signal: new AbortController().signal });
    const contents = new Map<string, string | null>();
    // The first and the last few tell whether places are right; a scan of 65,537 reads no more.
    for (const file of [...files.slice(0, 50), ...files.slice(-50)]) {
      const bytes = await file.read();
      contents.set(file.path, bytes.ok ? Buffer.from(bytes.value).toString() : null);
    }
    return { files, refusals, contents, paths: files.map((file) => file.path) };
  } finally {
    await source.close();
  }
}

async function expectFour(path: string): Promise<void> {
  const { paths, refusals, contents } = await scan(path);
  expect(refusals).toEqual([]);
  expect(paths).toEqual(NAMES);
  expect([...contents]).toEqual(FOUR.map(({ name, content }) => [name, content.toString()]));
}

describe('a zip that states fewer files than it holds', () => {
  it('is read to the end of its directory where the number did not fit, as the Finder writes it', async () => {
    for (const count of [65_536, 65_537]) {
      const path = await writeForgedZip({ entries: entriesOf(count) });
      const { files, contents } = await scan(path);
      expect(files.length).toBe(count);
      expect(contents.get(files.at(-1)!.path)).toBe(`pixels of ${count - 1}`);
    }
  });

  it.skipIf(!HAS_FAULT_INPUTS)(`65,537 as macOS wrote them ${WHERE_ABSENT}`, async () => {
    const path = await writeBytes(gunzipSync(await readFile(faultInput('finder_65537.zip.gz'))));
    expect((await scan(path)).files.length).toBe(65_537);
  });

  it('is completed where its directory is whole, however wrong the number, the length or the place', async () => {
    for (const states of [{ entries: 1 }, { bytes: 60 }, { offset: 3 }, { offset: 0xffff_ffff }]) {
      await expectFour(await writeForgedZip({ entries: FOUR, states }));
    }
  });

  it('is refused where its directory lists fewer, or has lost its beginning', async () => {
    const [first, ...rest] = NAMES;
    await expect(
      scan(await writeForgedZip({ entries: FOUR, unlisted: [NAMES[3]!], states: { entries: 4 } })),
    ).rejects.toThrow(/is a damaged zip file: it states 4 files, and its directory lists 3\.$/);
    for (const unlisted of [[first!], [NAMES[3]!], rest, NAMES]) {
      await expect(scan(await writeForgedZip({ entries: FOUR, unlisted }))).rejects.toThrow(
        /is a damaged zip file: it holds an entry at byte \d+ that its directory does not name\.$/,
      );
    }
  });

  it('of more than 4 GB finds its entries, although offsets begin again from 0', async () => {
    const { refusals, contents } = await scan(await writeLargeZip(FOUR[3]!));
    expect(refusals.map(({ path, code }) => [path, code])).toEqual([
      ['3000000000.bin', 'TOO_LARGE'],
      ['2000000000.bin', 'TOO_LARGE'],
    ]);
    expect([...contents]).toEqual([[NAMES[3], 'pixels of 3']]);
  });
});

describe('a zip with other bytes around it', () => {
  it('is read behind a head, with places counted from the file or from the first entry', async () => {
    const program = Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), randomBytes(100_000)]);
    // A self-extractor compares with the signatures, which stand in it as numbers.
    program.write('PK\u0003\u0004\u008b\u00f8\u00ff\u00ffPK\u0001\u0002\u000f\u0085', 5000, 'latin1');
    for (const head of [program, Buffer.from('PK\u0007\u0008', 'latin1'), Buffer.from('PK00')]) {
      for (const offsetsIncludeHead of [true, false]) {
        await expectFour(await writeForgedZip({ entries: FOUR, head, offsetsIncludeHead }));
      }
    }
  });

  it('is read before a tail: zeros of any length, other bytes, a comment that is cut off', async () => {
    for (const tail of [
      Buffer.alloc(3),
      Buffer.alloc(3_000_000),
      randomBytes(5000),
      Buffer.alloc(600, '\r\n'),
    ]) {
      await expectFour(await writeForgedZip({ entries: FOUR, tail }));
    }
    const comment = Buffer.from('PK\u0005\u0006 is how an end record begins', 'latin1');
    await expectFour(await writeForgedZip({ entries: FOUR, comment }));
    await expectFour(
      await writeForgedZip({ entries: FOUR, comment: Buffer.concat([comment, Buffer.alloc(40)]) }),
    );
    await expectFour(await writeBytes(forgeZip({ entries: FOUR, comment }).subarray(0, -10)));
  });

  it('is refused where the other bytes are a zip as well', async () => {
    const [first, second] = [forgeZip({ entries: FOUR.slice(0, 2) }), forgeZip({ entries: FOUR.slice(2) })];
    for (const bytes of [Buffer.concat([first, second]), Buffer.concat([first, second.subarray(0, -30)])]) {
      await expect(scan(await writeBytes(bytes))).rejects.toThrow(/that its directory does not name\.$/);
    }
  });

  it('that was split is asked for whole, and a file that is no zip is called so', async () => {
    const part = await writeForgedZip({ entries: FOUR, states: { disk: 2 } });
    await expect(scan(part)).rejects.toThrow(
      /is one part of a split zip: join the parts into one file first\.$/,
    );
    const firstPart = await writeBytes(
      forgeZip({ entries: FOUR, head: Buffer.from('PK\u0007\u0008', 'latin1') }).subarray(0, 150),
    );
    await expect(scan(firstPart)).rejects.toThrow(/it was cut off, or it is one part of a split zip\.$/);
    await expect(scan(await writeBytes(Buffer.alloc(5000)))).rejects.toThrow(
      /neither a folder nor a zip file/,
    );
  });

  it.skipIf(!HAS_FAULT_INPUTS)(`zips that unzip reads are read ${WHERE_ABSENT}`, async () => {
    for (const name of ['trailing_zeros.zip', 'prefix_adjusted.zip']) {
      const { files, refusals } = await scan(faultInput(name));
      expect([files.length, refusals.length]).toEqual([24, 0]);
    }
  });
});

describe('an entry', () => {
  it('whose own header bears another name is not believed', async () => {
    const bytes = forgeZip({ entries: FOUR });
    // Only the directory's copy of the name: a flipped digit would move a patch without a word.
    bytes.write('x9', bytes.lastIndexOf('x51_'), 'latin1');
    const { contents } = await scan(await writeBytes(bytes));
    expect([...contents.values()]).toEqual(['pixels of 0', null, 'pixels of 2', 'pixels of 3']);
  });

  it('that is named as a folder and holds bytes is refused, not passed over', async () => {
    const entries = [
      ...FOUR,
      { name: '101/0/', content: Buffer.alloc(0) },
      { name: '101/1/', content: Buffer.from('x') },
    ];
    const { paths, refusals } = await scan(await writeForgedZip({ entries }));
    expect(paths).toEqual(NAMES);
    expect(refusals.map(({ path, code }) => [path, code])).toEqual([['101/1/', 'NOT_A_FILE']]);
  });
});

/** One change to the bytes of a file: some are overwritten, cut out, put in, or all behind a place are lost. */
type Mutation = { kind: 'set' | 'cut' | 'put' | 'end'; at: number; bytes: Uint8Array };

function mutate(bytes: Buffer, { kind, at, bytes: other }: Mutation): Buffer {
  const start = at % bytes.length;
  if (kind === 'end') return bytes.subarray(0, start);
  if (kind === 'cut') return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + other.length)]);
  if (kind === 'put') return Buffer.concat([bytes.subarray(0, start), other, bytes.subarray(start)]);
  const set = Buffer.from(bytes);
  set.set(other.subarray(0, set.length - start), start);
  return set;
}

describe('a valid zip with bytes changed', () => {
  const tree: FileTree = Object.fromEntries(entriesOf(7).map(({ name, content }) => [name, content]));
  const mutation = fc.record({
    kind: fc.constantFrom('set' as const, 'set' as const, 'cut' as const, 'put' as const, 'end' as const),
    // Mostly in the directory and the end record, which are the last part of these files.
    at: fc.oneof(fc.nat(2000), fc.integer({ min: 500, max: 1200 })),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 90 }),
  });

  it('is refused in a sentence, or every file of it is listed, refused, or found to be damaged', async () => {
    const zips: Buffer[] = await Promise.all(
      [{ compress: true }, { zip64: true }, {}].map(async (options) =>
        readFile(await writeZip(tree, options)),
      ),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...zips),
      fc.array(mutation, { minLength: 1, maxLength: 2 }),
      async (zip, mutations) => {
        const bytes = mutations.reduce<Buffer>(mutate, zip);
        const scanned = await scan(await writeBytes(bytes)).catch((error) => error);
        if (scanned instanceof Error) {
          expect(scanned).toBeInstanceOf(AppError);
          expect(scanned.message).toMatch(/\.$/);
          return;
        }
        expect(scanned.files.length + scanned.refusals.length).toBeGreaterThanOrEqual(7);
        for (const [path, content] of scanned.contents) {
          if (content !== null) expect(content).toBe(tree[path]?.toString());
        }
      },
    );
    await fc.assert(property, { numRuns: 1500 });
  });
});
