/**
 * The entry of a thread that decodes plain JPEG files by libjpeg-turbo in WebAssembly. It gives the very pixels that sharp
 * gives, without an image pipeline to be set up for each file, which takes most of the time where patches are small. The
 * package brings no types, so what is used of it is written here.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { move } from 'piscina';

/** `bytes` of files, one behind the other, each with its size in pixels as its header claims. */
export type JpegTask = { bytes: Uint8Array; files: readonly JpegFile[] };
export type JpegFile = { lengthBytes: number; widthPx: number; heightPx: number };

type Decoder = {
  /** Memory of the codec's own, of this size, to be filled. */
  getEncodedBuffer(sizeBytes: number): Uint8Array;
  /** Throws a number where the file is damaged, and where it would only be warned of. */
  decode(): void;
  getFrameInfo(): { width: number; height: number };
  /** A view of the codec's memory, good until its next call. */
  getDecodedBuffer(): Uint8Array;
};
type CreateCodec = (options: {
  wasmBinary: Uint8Array;
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<{ JPEGDecoder: new () => Decoder }>;

const RGB = 3;
const require = createRequire(import.meta.url);
let decoder: Decoder | null = null;

/**
 * Pixels of all files, one behind the other, and at the end one byte for each file: 1 where it was decoded. The memory is
 * the caller's afterwards.
 */
export async function decodeJpegFiles({ bytes, files }: JpegTask): Promise<Uint8Array> {
  const pixelBytes = files.reduce((sum, file) => sum + countPixelBytes(file), 0);
  const result = Buffer.allocUnsafeSlow(pixelBytes + files.length);
  let [from, to] = [0, 0];
  for (const [position, file] of files.entries()) {
    const target = result.subarray(to, to + countPixelBytes(file));
    decoder ??= await createDecoder();
    const isDecoded = decodeInto(target, decoder, {
      file,
      bytes: bytes.subarray(from, from + file.lengthBytes),
    });
    if (!isDecoded) target.fill(0);
    result[pixelBytes + position] = Number(isDecoded);
    from += file.lengthBytes;
    to += target.length;
  }
  // At once: the collector of garbage sees little of it, and would let many megabytes of files pile up.
  if (bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
  return move(result) as Uint8Array;
}

export function countPixelBytes({ widthPx, heightPx }: JpegFile): number {
  return widthPx * heightPx * RGB;
}

function decodeInto(
  target: Uint8Array,
  by: Decoder,
  { file, bytes }: { file: JpegFile; bytes: Uint8Array },
): boolean {
  try {
    by.getEncodedBuffer(bytes.length).set(bytes);
    by.decode();
    const { width, height } = by.getFrameInfo();
    const pixels = by.getDecodedBuffer();
    if (width !== file.widthPx || height !== file.heightPx || pixels.length !== target.length) return false;
    target.set(pixels);
    return true;
  } catch (error) {
    // Anything but the codec's own numbers leaves it in a state that is not known.
    if (typeof error !== 'number') decoder = null;
    return false;
  }
}

async function createDecoder(): Promise<Decoder> {
  const create: CreateCodec = require('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
  const path = require.resolve('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm');
  // What the codec prints of a damaged file is said by the outcome.
  const silent = { print: () => undefined, printErr: () => undefined };
  const { JPEGDecoder } = await create({ wasmBinary: readFileSync(path), ...silent });
  return new JPEGDecoder();
}
