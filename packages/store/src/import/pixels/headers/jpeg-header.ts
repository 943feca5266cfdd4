/** The segments that stand before the pixels of a JPEG file, and what they claim. */
import { accept, type Checked, refuse } from '../../refusal.ts';
import { findExifOrientation } from './exif-orientation.ts';
import { findClaimFault, type ImageHeader, PLAIN_HEADER } from './image-header.ts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const APP1 = 0xe1;
const APP2 = 0xe2;
const EXIF = 'Exif\0\0';
const PROFILE = 'ICC_PROFILE\0';
/** Markers without a length: restarts, start and end of the image, and one that means nothing. */
const hasNoLength = (marker: number) => (marker >= 0xd0 && marker <= 0xd9) || marker === 0x01;
/** Frames of all kinds; 0xc4, 0xc8 and 0xcc among them are tables. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const PROGRESSIVE = [0xc2, 0xc6, 0xca, 0xce];
const GREY = 1;
const YCC = 3;
const CMYK = 4;

/** Reads what the file claims; a fault when it is damaged, or kept in a way that is not decoded here. */
export function readJpegHeader(file: Buffer): Checked<ImageHeader> {
  let frame: { marker: number; body: Buffer } | null = null;
  let orientation = 1;
  let hasProfile = false;
  for (const { marker, body } of listSegments(file)) {
    if (isFrame(marker)) frame ??= { marker, body };
    else if (marker === APP1 && startsWith(body, EXIF)) orientation = findExifOrientation(body.subarray(6));
    else if (marker === APP2 && startsWith(body, PROFILE)) hasProfile = true;
  }
  if (!frame || frame.body.length < 6) return refuse('UNREADABLE', 'Its JPEG header is damaged.');
  const { marker, body } = frame;
  const [bitDepth, channels] = [body[0] as number, body[5] as number];
  const [height, width] = [body.readUInt16BE(1), body.readUInt16BE(3)];
  const refused = findClaimFault(width, height);
  if (refused) return refused;
  if (bitDepth !== 8)
    return refuse('UNREADABLE', `It is a JPEG of ${bitDepth} bits a colour; 8 can be read.`);
  if (channels !== GREY && channels !== YCC && channels !== CMYK) {
    return refuse('COLOURS_UNCLEAR', `It is a JPEG of ${channels} colours; 1, 3 and 4 can be read.`);
  }
  return accept({
    ...PLAIN_HEADER,
    format: 'JPEG',
    width,
    height,
    isGrey: channels === GREY,
    isCmyk: channels === CMYK,
    isInterlaced: PROGRESSIVE.includes(marker),
    hasProfile,
    orientation,
    isWhole: file.lastIndexOf(END_OF_IMAGE) > 0,
  });
}

/** Up to the first pixels. */
function* listSegments(file: Buffer): Generator<{ marker: number; body: Buffer }> {
  let start = 2;
  while (start + 4 <= file.length && file[start] === 0xff) {
    const marker = file[start + 1] as number;
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff || hasNoLength(marker)) {
      start += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === START_OF_SCAN) return;
    const end = start + 2 + file.readUInt16BE(start + 2);
    if (end > file.length) return;
    yield { marker, body: file.subarray(start + 4, end) };
    start = end;
  }
}

function startsWith(body: Buffer, text: string): boolean {
  return body.toString('latin1', 0, text.length) === text;
}
