/**
 * One level of a DICOM slide: an instance, or the parts of one that was written in several files, put together. Each
 * tile is a frame; a part that is missing, or a frame, is told by its number.
 */
import type { TiledImage } from '../region/tiled-image.ts';
import { toRgb } from '../region/tiled-image.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import { decodeByCodec, decodeJpeg } from '../tile/decode-tile.ts';
import type { DicomInstance } from './dicom-instance.ts';
import { type FrameSpans, locateFrames, readFrame } from './frame-spans.ts';

type Frame = { instance: DicomInstance; spans: FrameSpans; index: number };

export async function openDicomImage(parts: readonly DicomInstance[], name: string): Promise<TiledImage> {
  const [first] = parts;
  const { width, height, frame, file } = first!;
  checkParts(parts);
  const columns = Math.ceil(width / frame.width);
  const tileCount = columns * Math.ceil(height / frame.height);
  const frames = new Map<number, Frame>();
  for (const instance of parts) {
    const spans = await locateFrames(instance);
    for (let index = 0; index < instance.frameCount; index += 1) {
      const place = instance.places?.[index];
      const tile = place ? place.row * columns + place.column : (instance.part?.frameOffset ?? 0) + index;
      if (tile >= tileCount || (place && place.column >= columns) || frames.has(tile))
        throw slideFault(
          instance.file.path,
          `is damaged: frame ${formatNumber(index + 1)} lies outside the level, or where another frame lies.`,
        );
      frames.set(tile, { instance, spans, index });
    }
  }
  // In a level that is told place by place, a tile without a frame was not scanned.
  if (!first!.places && frames.size < tileCount) {
    let missing = 0;
    while (frames.has(missing)) missing += 1;
    throw slideFault(
      file.path,
      `holds ${formatNumber(frames.size)} of ${formatNumber(tileCount)} frames of its level of ${formatNumber(width)} x ${formatNumber(height)} px; frame ${formatNumber(missing + 1)} is missing.`,
    );
  }
  return {
    width,
    height,
    tileWidth: frame.width,
    tileHeight: frame.height,
    async decodeTile(column, row) {
      const found = frames.get(row * columns + column);
      return found ? decodeFrame(found, name) : null;
    },
  };
}

function checkParts(parts: readonly DicomInstance[]): void {
  const [first] = parts;
  const { file, part, width, height, frame } = first!;
  const total = part?.total ?? 1;
  const numbers = new Set(parts.map((one) => one.part?.number ?? 1));
  for (let number = 1; number <= total; number += 1) {
    if (!numbers.has(number))
      throw slideFault(
        file.path,
        `is one of ${formatNumber(total)} files of a level of ${formatNumber(width)} x ${formatNumber(height)} px, and file ${formatNumber(number)} of them is missing in its folder.`,
      );
    if (number > parts.length) break;
  }
  const other = parts.find(
    (one) =>
      one.width !== width ||
      one.height !== height ||
      one.frame.width !== frame.width ||
      one.frame.height !== frame.height,
  );
  if (other)
    throw slideFault(other.file.path, `does not fit to the other files of its level: it has another size.`);
}

async function decodeFrame({ instance, spans, index }: Frame, name: string): Promise<Uint8Array> {
  const { coding, frame: size, file } = instance;
  const stream = await readFrame(instance, spans, index);
  try {
    const colour = instance.photometric.startsWith('YBR_FULL') ? 'YCBCR' : 'RGB';
    if (coding === 'JPEG') return await decodeJpeg(stream, { size, colour, tables: null });
    if (coding !== 'NONE') return await decodeByCodec(stream, { size, codec: coding, colour });
    return toRgb(
      instance.isPlanar ? interleave(stream, instance.samplesPerPixel) : stream,
      instance.samplesPerPixel,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const what = `frame ${formatNumber(index + 1)} of ${name}`;
    throw slideFault(file.path, `is damaged: ${what} cannot be decoded (${reason}).`, error);
  }
}

function interleave(planes: Buffer, count: number): Uint8Array {
  const size = planes.length / count;
  return Uint8Array.from(
    planes,
    (_, index) => planes[(index % count) * size + Math.floor(index / count)] ?? 0,
  );
}
