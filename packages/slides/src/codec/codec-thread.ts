/**
 * The entry of a thread that decodes one tile with a WebAssembly codec: JPEG 2000 takes some fifty milliseconds a tile,
 * which no process that answers requests may spend itself. Each codec is loaded with the first tile that needs it. The
 * packages bring no types, so what is used of them is written here.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export type CodecName = 'JPEG_2000' | 'JPEG_LS';
export type CodecTask = { codec: CodecName; bytes: Uint8Array };
/** Samples pixel by pixel. */
export type DecodedSamples = { width: number; height: number; components: number; samples: Uint8Array };
/** Null where the codec found nothing that it could decode. */
type CodecOutcome = DecodedSamples | null;

type Decoder = {
  /** Memory of the codec's own, of this size, to be filled. */
  getEncodedBuffer(sizeBytes: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  /** A view of the codec's memory, good until its next call. */
  getDecodedBuffer(): Uint8Array;
  delete(): void;
  /** JPEG-LS alone: 0 where the colours come one plane after another. */
  getInterleaveMode?(): number;
};
type CodecModule = { J2KDecoder?: new () => Decoder; JpegLSDecoder?: new () => Decoder };
type CreateCodec = (options: {
  wasmBinary: Uint8Array;
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<CodecModule>;

const require = createRequire(import.meta.url);
const modules = new Map<CodecName, Promise<CodecModule>>();

export async function decodeTile({ codec, bytes }: CodecTask): Promise<CodecOutcome> {
  const loaded = modules.get(codec) ?? loadCodec(codec);
  modules.set(codec, loaded);
  const { J2KDecoder, JpegLSDecoder } = await loaded;
  const Codec = codec === 'JPEG_2000' ? J2KDecoder : JpegLSDecoder;
  if (!Codec) return null;
  // One decoder a tile: what a broken tile leaves behind in it ends with it.
  const decoder = new Codec();
  try {
    return decodeWith(decoder, bytes);
  } finally {
    decoder.delete();
  }
}

function decodeWith(decoder: Decoder, bytes: Uint8Array): CodecOutcome {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
  } catch {
    // The codec throws numbers, or its memory's fault: all of them mean that the tile is broken.
    return null;
  }
  const { width, height, bitsPerSample, componentCount: components } = decoder.getFrameInfo();
  const decoded = decoder.getDecodedBuffer();
  if (bitsPerSample !== 8 || decoded.length !== width * height * components || decoded.length === 0)
    return null;
  const isPlanar = decoder.getInterleaveMode?.() === 0 && components > 1;
  const samples = isPlanar ? interleave(decoded, components) : Uint8Array.from(decoded);
  return { width, height, components, samples };
}

/** From one plane a colour to one pixel after another. */
function interleave(planes: Uint8Array, components: number): Uint8Array {
  const count = planes.length / components;
  const samples = new Uint8Array(planes.length);
  for (let pixel = 0; pixel < count; pixel += 1) {
    for (let component = 0; component < components; component += 1)
      samples[pixel * components + component] = planes[component * count + pixel] ?? 0;
  }
  return samples;
}

async function loadCodec(codec: CodecName): Promise<CodecModule> {
  const isJpeg2000 = codec === 'JPEG_2000';
  const create: CreateCodec = isJpeg2000
    ? require('@cornerstonejs/codec-openjpeg/decodewasmjs')
    : require('@cornerstonejs/codec-charls/decodewasmjs');
  const path = isJpeg2000
    ? require.resolve('@cornerstonejs/codec-openjpeg/decodewasm')
    : require.resolve('@cornerstonejs/codec-charls/decodewasm');
  // What a codec prints of a broken tile is said by the outcome.
  return create({ wasmBinary: await readFile(path), print: () => undefined, printErr: () => undefined });
}
