/**
 * Several image files at once, each to the pixels that it gives by itself. Setting the decoder up takes a good part of what
 * a small patch takes in all: plain JPEG files go to threads that need none, and other plain files of one size are read as
 * one picture, the second below the first. Every other file is decoded by itself.
 */
import sharp from 'sharp';
import { accept, type Checked } from '../refusal.ts';
import { type DecodedPatch, decodeByHeader, type PatchHeader, readPatchHeader } from './decode-patch.ts';
import { markDecoderMemory } from './decoder-memory.ts';
import { isPlain } from './headers/image-header.ts';
import { decodeInThread, type JpegToDecode } from './jpeg-threads.ts';

/** Of one picture. More files save no more, and one that is damaged sends all of them through the decoder again. */
const STACK_FILES_MAX = 16;
/** Pixels of a patch from which on decoding them is nearly all of the work. */
const STACKED_BYTES_MAX = 32 * 1024;
const RGB = 3;

/** Plain files of one size, by their position. */
type Stack = { widthPx: number; heightPx: number; positions: number[] };

/** In the order of the files; of one that could not be read the fault. Never throws for what the bytes hold. */
export async function decodeTogether(
  files: readonly Checked<Uint8Array>[],
): Promise<Checked<DecodedPatch>[]> {
  const headers = await Promise.all(files.map((file) => (file.ok ? readPatchHeader(file.value) : file)));
  const bytesAt = (position: number) => {
    const file = files[position];
    return file?.ok ? file.value : new Uint8Array();
  };
  const decoded = new Map<number, DecodedPatch>();
  const stacked = listStacks(headers).map((stack) => decodeStack(stack, bytesAt, decoded));
  await Promise.all([decodeJpegs(headers, bytesAt, decoded), ...stacked]);
  return Promise.all(
    headers.map((header, position) => {
      const patch = decoded.get(position);
      if (patch) return accept(patch);
      return header.ok ? decodeByHeader(bytesAt(position), header.value) : header;
    }),
  );
}

function listStacks(headers: readonly Checked<PatchHeader>[]): Stack[] {
  const stacks: Stack[] = [];
  const open = new Map<string, Stack>();
  for (const [position, header] of headers.entries()) {
    if (!header.ok || !isPlain(header.value) || header.value.format === 'JPEG') continue;
    const { width: widthPx, height: heightPx } = header.value;
    if (widthPx * heightPx * RGB > STACKED_BYTES_MAX) continue;
    const size = `${widthPx}x${heightPx}`;
    let stack = open.get(size);
    if (!stack || stack.positions.length >= STACK_FILES_MAX) {
      stack = { widthPx, heightPx, positions: [] };
      open.set(size, stack);
      stacks.push(stack);
    }
    stack.positions.push(position);
  }
  return stacks.filter(({ positions }) => positions.length > 1);
}

/** Nothing of a file that is damaged: it then speaks for itself. */
async function decodeJpegs(
  headers: readonly Checked<PatchHeader>[],
  bytesAt: (position: number) => Uint8Array,
  decoded: Map<number, DecodedPatch>,
): Promise<void> {
  const positions: number[] = [];
  const jpegs: JpegToDecode[] = [];
  for (const [position, header] of headers.entries()) {
    if (!header.ok || header.value.format !== 'JPEG' || !isPlain(header.value)) continue;
    positions.push(position);
    jpegs.push({ bytes: bytesAt(position), widthPx: header.value.width, heightPx: header.value.height });
  }
  if (jpegs.length === 0) return;
  const pictures = await decodeInThread(jpegs);
  for (const [at, position] of positions.entries()) {
    const pixels = pictures[at];
    const { widthPx: width, heightPx: height } = jpegs[at] as JpegToDecode;
    if (pixels) decoded.set(position, { width, height, pixels, changes: [] });
  }
}

/** Nothing where one of the files is damaged, or of another size than it claims: each then speaks for itself. */
async function decodeStack(
  { widthPx, heightPx, positions }: Stack,
  bytesAt: (position: number) => Uint8Array,
  decoded: Map<number, DecodedPatch>,
): Promise<void> {
  const stacked = await sharp(positions.map(bytesAt), { join: { across: 1 } })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => null);
  if (!stacked) return;
  const { data, info } = stacked;
  markDecoderMemory(data);
  const isAsClaimed =
    info.width === widthPx && info.height === heightPx * positions.length && info.channels === RGB;
  if (!isAsClaimed) return;
  const patchBytes = widthPx * heightPx * RGB;
  for (const [row, position] of positions.entries()) {
    const pixels = data.subarray(row * patchBytes, (row + 1) * patchBytes);
    decoded.set(position, { width: widthPx, height: heightPx, pixels, changes: [] });
  }
}
