/**
 * A tile's JPEG made whole for the browser's decoder: the tables that all tiles share are put in front, comments and
 * profiles are left out, and whether its colours are RGB or YCbCr is written into it, because a decoder guesses
 * otherwise: Aperio keeps RGB where most files keep YCbCr. Pure.
 */

const MARKER = { start: 0xd8, end: 0xd9, scan: 0xda, comment: 0xfe } as const;
/** C0 to CF begin a frame, but for the tables of codes (C4), a reserved one (C8) and arithmetic conditioning (CC). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isExtra = (marker: number) => (marker >= 0xe0 && marker <= 0xef) || marker === MARKER.comment;
const FRAME_SIZE_AT = 5;

type Bytes = Uint8Array<ArrayBuffer>;
type Segment = { marker: number; bytes: Bytes };

type JpegColour = 'RGB' | 'YCBCR';
type WholeJpeg = { bytes: Bytes; width: number; height: number };

/** Throws an error that says what is wrong with the stream; the caller knows which tile it is. */
export function makeWholeJpeg(stream: Bytes, tables: Bytes | null, colour: JpegColour): WholeJpeg {
  const picture = splitSegments(stream);
  if (!picture.rest) throw new Error('its JPEG has no pixels');
  const frame = picture.segments.find(({ marker }) => isFrame(marker));
  const size = frame && readFrameSize(frame);
  if (!size) throw new Error('its JPEG does not say its size');
  const shared = tables ? splitSegments(tables).segments : [];
  const kept = [...shared, ...picture.segments].filter(({ marker }) => !isExtra(marker));
  const start = Uint8Array.of(0xff, MARKER.start);
  const parts = [start, writeAdobeSegment(colour), ...kept.map(({ bytes }) => bytes), picture.rest];
  return { bytes: join(parts), ...size };
}

/** As the head of a JPEG claims it; null where the head ends before. */
export function readClaimedSize(head: Bytes): { width: number; height: number } | null {
  try {
    const frame = splitSegments(head).segments.find(({ marker }) => isFrame(marker));
    return frame ? readFrameSize(frame) : null;
  } catch {
    return null;
  }
}

function readFrameSize({ bytes }: Segment): { width: number; height: number } | null {
  if (bytes.length < FRAME_SIZE_AT + 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { height: view.getUint16(FRAME_SIZE_AT), width: view.getUint16(FRAME_SIZE_AT + 2) };
}

/** What comes before the pixels, in its parts, and from the pixels on as it is. */
function splitSegments(stream: Bytes): { segments: Segment[]; rest: Bytes | null } {
  if (stream[0] !== 0xff || stream[1] !== MARKER.start) throw new Error('it is no JPEG');
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= stream.length; ) {
    if (stream[at] !== 0xff) throw new Error('its JPEG is damaged');
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === MARKER.scan) return { segments, rest: stream.subarray(at) };
    if (marker === MARKER.end) break;
    const length = ((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > stream.length) throw new Error('its JPEG is cut off');
    segments.push({ marker, bytes: stream.subarray(at, end) });
    at = end;
  }
  return { segments, rest: null };
}

/** Adobe's marker, by which every decoder tells RGB (0) from YCbCr (1). */
function writeAdobeSegment(colour: JpegColour): Bytes {
  const name = [...'Adobe'].map((letter) => letter.charCodeAt(0));
  return Uint8Array.of(0xff, 0xee, 0, 14, ...name, 0, 100, 0, 0, 0, 0, colour === 'RGB' ? 0 : 1);
}

function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
