/** Small valid zips and images, which the fuzzed ones are mutated from. */
import { Readable } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { createRandom } from '@microtome/domain/seeded-random';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import { type ForgedEntry, forgeZip } from '../store/import/forged-zip.ts';
import { drawTwoPatients } from '../store/import/patch-files.ts';

/** Heads of a zip's records: entry, directory, both ends, data descriptor. */
export const ZIP_MARKS = [
  'PK\u0003\u0004',
  'PK\u0001\u0002',
  'PK\u0005\u0006',
  'PK\u0006\u0006',
  'PK\u0006\u0007',
  'PK\u0007\u0008',
];
/** Heads of what follows in image files. */
export const IMAGE_MARKS = [
  'IHDR',
  'PLTE',
  'tRNS',
  'IDAT',
  'IEND',
  '\u00ff\u00d8',
  '\u00ff\u00c0',
  '\u00ff\u00c4',
  '\u00ff\u00da',
  'BM',
  'P6',
  'Exif',
];

export type ValidZip = { what: string; bytes: Buffer; entries: ForgedEntry[] };
export type ValidImage = { what: string; bytes: Buffer };

/** Stored, deflated, zip64, streamed with data descriptors, behind a head, with a comment, with odd names. */
export async function makeValidZips(): Promise<ValidZip[]> {
  const entries = Object.entries(await drawTwoPatients()).map(([name, content]) => ({ name, content }));
  const odd = [
    ...['../../../../tmp/microtome-fuzz-escape.png', '/tmp/microtome-fuzz-escape.png', 'C:\\escape.png'],
    ...['101/0/101_idx5_x1_y1_class0.png\u0000.png', `${'a/'.repeat(200)}x.png`, 'é\u202egnp.png', '', ' '],
  ].map((name): ForgedEntry => ({ name, content: entries[0]!.content }));
  return [
    { what: 'stored', bytes: forgeZip({ entries }), entries },
    { what: 'deflated', bytes: await pack(entries, { compress: true }), entries },
    { what: 'zip64', bytes: await pack(entries, { compress: true, zip64: true }), entries },
    { what: 'streamed', bytes: await pack(entries, { compress: true, streamed: true }), entries },
    {
      what: 'behind a head, with a comment',
      bytes: forgeZip({ entries, head: Buffer.from('#!/bin/sh\nexit\n'), comment: Buffer.from('of Monday') }),
      entries,
    },
    { what: 'odd names', bytes: forgeZip({ entries: [...entries, ...odd] }), entries: [...entries, ...odd] },
    {
      what: 'doubled',
      bytes: forgeZip({ entries: [...entries, ...entries] }),
      entries: [...entries, ...entries],
    },
    { what: 'a zip in a zip', bytes: forgeZip({ entries: [...entries, nest(entries)] }), entries },
    { what: 'empty', bytes: forgeZip({ entries: [] }), entries: [] },
  ];
}

function nest(entries: readonly ForgedEntry[]): ForgedEntry {
  return { name: '101/inner.zip', content: deflateRawSync(forgeZip({ entries })) };
}

async function pack(
  entries: readonly ForgedEntry[],
  { compress = false, zip64 = false, streamed = false },
): Promise<Buffer> {
  const zip = new ZipFile();
  const options = { compress, forceZip64Format: zip64, mtime: new Date(0) };
  for (const { name, content } of entries) {
    // Of a stream the sizes are known only behind it: yazl writes them into a data descriptor.
    if (streamed) zip.addReadStreamLazy(name, options, (take) => take(null, Readable.from([content])));
    else zip.addBuffer(content, name, options);
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Every kind of image that an import takes, of 20 x 20 pixels. */
export async function makeValidImages(): Promise<ValidImage[]> {
  const random = createRandom(7);
  const size = { width: 20, height: 20 };
  const draw = (channels: 1 | 3 | 4) =>
    sharp(Buffer.from(Array.from({ length: 400 * channels }, () => Math.floor(random.next() * 256))), {
      raw: { ...size, channels },
    });
  return [
    { what: 'png', bytes: await draw(3).png().toBuffer() },
    { what: 'png with alpha', bytes: await draw(4).png().toBuffer() },
    { what: 'grey png', bytes: await draw(1).png().toBuffer() },
    { what: 'png with a palette', bytes: await draw(3).png({ palette: true, colours: 16 }).toBuffer() },
    { what: 'interlaced png', bytes: await draw(3).png({ progressive: true }).toBuffer() },
    { what: '16-bit png', bytes: await draw(3).toColourspace('rgb16').png().toBuffer() },
    { what: 'png with a profile', bytes: await draw(3).withIccProfile('p3').png().toBuffer() },
    { what: 'jpeg', bytes: await draw(3).jpeg().toBuffer() },
    {
      what: 'progressive jpeg',
      bytes: await draw(3)
        .jpeg({ progressive: true })
        .withExif({ IFD0: { Artist: 'a' } })
        .toBuffer(),
    },
    { what: 'tiff', bytes: await draw(3).tiff().toBuffer() },
    { what: 'webp', bytes: await draw(3).webp().toBuffer() },
  ];
}
