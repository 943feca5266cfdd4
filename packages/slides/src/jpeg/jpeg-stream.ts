/**
 * A tile's JPEG made whole: the tables that all tiles share are put in front, everything that is no picture (thumbnails,
 * profiles, comments) is left out, and what its colours are is written into it, because a decoder guesses otherwise:
 * Aperio keeps RGB where most files keep YCbCr. The size that it claims is read before anything is decoded.
 */

export type JpegColour = 'RGB' | 'YCBCR';
type WholeJpeg = { bytes: Buffer; width: number; height: number; components: number };

const MARKER = { start: 0xd8, end: 0xd9, scan: 0xda, comment: 0xfe } as const;
/** Baseline, extended and progressive, by Huffman codes: what the decoder knows with eight bits. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** C0 to CF begin a frame, but for the tables of codes (C4), a reserved one (C8) and arithmetic conditioning (CC). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isExtra = (marker: number) => (marker >= 0xe0 && marker <= 0xef) || marker === MARKER.comment;

type Segment = { marker: number; bytes: Buffer };

/** Throws an error that says what is wrong with the stream; the caller knows which tile it is. */
export function makeWholeJpeg(stream: Buffer, tables: Buffer | null, colour: JpegColour): WholeJpeg {
  const picture = splitSegments(stream);
  if (!picture.rest) throw new Error('its JPEG has no pixels');
  const shared = tables ? splitSegments(tables).segments : [];
  const frame = picture.segments.find(({ marker }) => isFrame(marker));
  if (!frame) throw new Error('its JPEG does not say its size');
  if (!FRAMES.has(frame.marker))
    throw new Error(`its JPEG is of a kind (${frame.marker.toString(16)}) that cannot be read here`);
  if (frame.bytes.length < 10) throw new Error('its JPEG does not say its size');
  const precision = frame.bytes[4];
  if (precision !== 8) throw new Error(`its JPEG has ${precision} bits a colour, not 8`);
  const components = frame.bytes[9] ?? 0;
  const kept = [...shared, ...picture.segments].filter(({ marker }) => !isExtra(marker));
  const start = Buffer.from([0xff, MARKER.start]);
  return {
    bytes: Buffer.concat([start, adobeSegment(colour), ...kept.map(({ bytes }) => bytes), picture.rest]),
    width: frame.bytes.readUInt16BE(7),
    height: frame.bytes.readUInt16BE(5),
    components,
  };
}

/** What comes before the pixels, in its parts, and from the pixels on as it is. */
function splitSegments(stream: Buffer): { segments: Segment[]; rest: Buffer | null } {
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
    const length = stream.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > stream.length) throw new Error('its JPEG is cut off');
    segments.push({ marker, bytes: stream.subarray(at, end) });
    at = end;
  }
  return { segments, rest: null };
}

/** Adobe's marker, by which every decoder tells RGB (0) from YCbCr (1). */
function adobeSegment(colour: JpegColour): Buffer {
  const transform = colour === 'RGB' ? 0 : 1;
  return Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe', 'latin1'), 0, 100, 0, 0, 0, 0, transform]);
}
