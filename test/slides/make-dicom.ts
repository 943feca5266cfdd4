/** Writes a whole-slide instance of DICOM, explicit and little endian, from what it should claim. */

export type MadeDicom = {
  width: number;
  height: number;
  /** Of one frame's side. */
  side: number;
  frames: readonly Buffer[];
  frameCount?: number;
  /** Undefined: frames without a coding, one after another. */
  transferSyntax?: string;
  sopClass?: string;
  series?: string;
  imageType?: string;
  photometric?: string;
  planar?: boolean;
  bits?: number;
  spacing?: string;
  part?: { of: string; number: number; total: number; frameOffset: number };
  /** Column and row, from 1, of each frame's corner. */
  corners?: readonly (readonly [number, number])[];
  focalPlanes?: number;
  /** Of the table before coded frames. */
  table?: 'offsets' | 'empty';
};

const PLAIN = '1.2.840.10008.1.2.1';
const WHOLE_SLIDE = '1.2.840.10008.5.1.4.1.1.77.1.6';
const LONG_LENGTH = new Set(['OB', 'OW', 'SQ', 'UN']);

export function makeDicom(made: MadeDicom): Buffer {
  const syntax = made.transferSyntax ?? PLAIN;
  const meta = Buffer.concat([
    text(0x0002, 0x0002, 'UI', made.sopClass ?? WHOLE_SLIDE),
    text(0x0002, 0x0010, 'UI', syntax),
  ]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM', 'latin1'),
    long(0x0002, 0x0000, 'UL', meta.length),
    meta,
    ...listElements(made),
    encodePixels(made, syntax),
  ]);
}

function listElements(made: MadeDicom): Buffer[] {
  const { part, corners, bits = 8 } = made;
  return [
    text(0x0008, 0x0008, 'CS', made.imageType ?? 'ORIGINAL\\PRIMARY\\VOLUME\\NONE'),
    text(0x0020, 0x000e, 'UI', made.series ?? '1.2.3'),
    ...(part
      ? [
          text(0x0020, 0x9161, 'UI', part.of),
          short(0x0020, 0x9162, part.number),
          short(0x0020, 0x9163, part.total),
          long(0x0020, 0x9228, 'UL', part.frameOffset),
        ]
      : []),
    text(0x0020, 0x9311, 'CS', corners ? 'TILED_SPARSE' : 'TILED_FULL'),
    short(0x0028, 0x0002, 3),
    text(0x0028, 0x0004, 'CS', made.photometric ?? 'RGB'),
    short(0x0028, 0x0006, made.planar ? 1 : 0),
    text(0x0028, 0x0008, 'IS', String(made.frameCount ?? made.frames.length)),
    short(0x0028, 0x0010, made.side),
    short(0x0028, 0x0011, made.side),
    short(0x0028, 0x0100, bits),
    short(0x0028, 0x0101, bits),
    long(0x0048, 0x0006, 'UL', made.width),
    long(0x0048, 0x0007, 'UL', made.height),
    ...(made.focalPlanes ? [long(0x0048, 0x0303, 'UL', made.focalPlanes)] : []),
    ...(made.spacing
      ? [sequence(0x5200, 0x9229, [sequence(0x0028, 0x9110, [text(0x0028, 0x0030, 'DS', made.spacing)])])]
      : []),
    ...(corners ? [sequence(0x5200, 0x9230, corners.map(encodeCorner))] : []),
  ];
}

function encodeCorner([column, row]: readonly [number, number]): Buffer {
  return sequence(0x0048, 0x021a, [
    Buffer.concat([long(0x0048, 0x021e, 'SL', column), long(0x0048, 0x021f, 'SL', row)]),
  ]);
}

function encodePixels({ frames, table = 'empty' }: MadeDicom, syntax: string): Buffer {
  if (syntax === PLAIN) return element(0x7fe0, 0x0010, 'OB', Buffer.concat(frames));
  const items = frames.map((frame) => item(pad(frame, 0)));
  let at = 0;
  const offsets = items.map((one) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(at);
    at += one.length;
    return bytes;
  });
  const head = Buffer.alloc(12);
  head.writeUInt16LE(0x7fe0, 0);
  head.writeUInt16LE(0x0010, 2);
  head.write('OB', 4, 'latin1');
  head.writeUInt32LE(0xffff_ffff, 8);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Buffer.concat([
    head,
    item(table === 'offsets' ? Buffer.concat(offsets) : Buffer.alloc(0)),
    ...items,
    end,
  ]);
}

function element(group: number, number: number, vr: string, value: Buffer): Buffer {
  const isLong = LONG_LENGTH.has(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}

function sequence(group: number, number: number, items: readonly Buffer[]): Buffer {
  return element(group, number, 'SQ', Buffer.concat(items.map(item)));
}

function item(value: Buffer): Buffer {
  const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
}

function text(group: number, number: number, vr: string, value: string): Buffer {
  return element(group, number, vr, pad(Buffer.from(value, 'latin1'), vr === 'UI' ? 0 : 0x20));
}

function short(group: number, number: number, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return element(group, number, 'US', bytes);
}

function long(group: number, number: number, vr: 'UL' | 'SL', value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return element(group, number, vr, bytes);
}

function pad(value: Buffer, byte: number): Buffer {
  return value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([byte])]);
}
