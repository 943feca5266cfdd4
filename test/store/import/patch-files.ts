/** Small folders and zips of drawn patches in the IDC layout, and the forgeries that an import must withstand. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { ZipFile } from 'yazl';

/** Path within the source → content. */
export type FileTree = Record<string, Buffer>;

export type DrawnPatch = {
  patient?: string;
  x?: number;
  y?: number;
  label?: 0 | 1;
  width?: number;
  height?: number;
};

const CENTRAL_HEADER_SIGNATURE = 0x02014b50;

/** A PNG of noise that depends on nothing but the arguments. */
export async function drawPng({ seed = 1, width = 50, height = 50 } = {}): Promise<Buffer> {
  return sharp(drawPixels({ seed, width, height }), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

export function drawPixels({ seed, width, height }: { seed: number; width: number; height: number }): Buffer {
  const random = createRandom(deriveSeed(seed, width, height));
  return Buffer.from(Array.from({ length: width * height * 3 }, () => Math.floor(random.next() * 256)));
}

export function patchPath({ patient = '101', x = 1, y = 1, label = 0 }: DrawnPatch): string {
  return `${patient}/${label}/${patient}_idx5_x${x}_y${y}_class${label}.png`;
}

/** One file a patch, each with pixels of its own. */
export async function drawTree(patches: readonly DrawnPatch[], prefix = ''): Promise<FileTree> {
  const entries = patches.map(async (patch) => {
    const path = patchPath(patch);
    return [prefix + path, await drawPng({ ...patch, seed: deriveSeed(1, path) })] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** `columns` × `rows` patches of one patient; the first `positives` of them are class 1. */
export function gridOf(patient: string, { columns = 3, rows = 2, positives = 2 } = {}): DrawnPatch[] {
  return Array.from({ length: columns * rows }, (_, cell) => ({
    patient,
    x: 1 + 50 * (cell % columns),
    y: 1 + 50 * Math.floor(cell / columns),
    label: cell < positives ? 1 : 0,
  }));
}

/** Two patients: six patches with two positives, and nine with three; the second with a strip below. */
export async function drawTwoPatients(): Promise<FileTree> {
  const patches = [
    ...gridOf('101'),
    ...gridOf('102', { columns: 3, rows: 3, positives: 3 }),
    { patient: '102', x: 51, y: 151, height: 7 },
  ];
  return drawTree(patches);
}

/** A folder that is removed when the test is over. */
export async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'microtome-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeTree(tree: FileTree, folder?: string): Promise<string> {
  const root = folder ?? (await createFolder());
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

export async function writeZip(
  tree: FileTree,
  { compress = false, zip64 = false, forge = (bytes: Buffer) => bytes } = {},
): Promise<string> {
  const path = join(await createFolder(), 'patches.zip');
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(tree)) {
    zip.addBuffer(content, name, { compress, forceZip64Format: zip64, mtime: new Date(0) });
  }
  zip.end();
  const chunks: Buffer[] = [];
  await pipeline(zip.outputStream, async (output) => {
    for await (const chunk of output) chunks.push(chunk as Buffer);
  });
  await pipeline([forge(Buffer.concat(chunks))], createWriteStream(path));
  return path;
}

/** Overwrites a field of the directory record of every entry whose name contains `name`. */
export function forgeDirectory(name: string, write: (record: Buffer) => void): (zip: Buffer) => Buffer {
  return (zip) => {
    for (
      let start = zip.indexOf('PK\u0001\u0002');
      start >= 0;
      start = zip.indexOf('PK\u0001\u0002', start + 1)
    ) {
      const record = zip.subarray(start);
      if (record.readUInt32LE(0) !== CENTRAL_HEADER_SIGNATURE) continue;
      if (record.toString('latin1', 46, 46 + record.readUInt16LE(28)).includes(name)) write(record);
    }
    return zip;
  };
}

/** Replaces a name by another one of the same length, which a zip writer would refuse to write. */
export function forgeName(from: string, to: string): (zip: Buffer) => Buffer {
  return (zip) => Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** A PNG header that claims a size, followed by nothing. */
export function claimSize(width: number, height: number): Buffer {
  const header = Buffer.alloc(33);
  header.write('\u0089PNG\r\n\u001a\n', 'latin1');
  header.writeUInt32BE(13, 8);
  header.write('IHDR', 12, 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  header.set([8, 2], 24);
  return header;
}

/** Enough patches that an import of them can be caught in the middle: two shards. */
export async function writeManyPatches(): Promise<string> {
  const tree = await drawTree(gridOf('101', { columns: 20, rows: 10 }));
  const [path, png] = Object.entries(tree)[0]!;
  for (let index = 0; index < 6000; index++) {
    tree[path.replace('101/', '102/').replace(/101_idx5_x\d+_y\d+/, `102_idx5_x${1 + 50 * index}_y1`)] = png;
  }
  return writeZip(tree);
}
