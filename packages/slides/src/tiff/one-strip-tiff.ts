/**
 * One tile of a TIFF as a TIFF of its own, in memory: libvips then decodes it exactly as it decodes the whole file,
 * predictor, planes and all, and no coding has to be written a second time. A strip may have any size, a tile may not.
 */

type OneStrip = {
  width: number;
  height: number;
  samplesPerPixel: number;
  compression: number;
  photometric: number;
  predictor: number;
  /** One part, or one for each plane. */
  parts: readonly Buffer[];
};

const SHORT = 3;
const LONG = 4;
const DIRECTORY_AT = 8;
const ALPHA_NOT_PREMULTIPLIED = 2;

type Entry = { tag: number; type: typeof SHORT | typeof LONG; values: readonly number[] };

export function makeOneStripTiff(strip: OneStrip): Buffer {
  // Everything but the places of the parts is known first; the places follow from how long it is.
  const dataAt = DIRECTORY_AT + encodeDirectory(listEntries(strip, 0)).length;
  const directory = encodeDirectory(listEntries(strip, dataAt));
  const header = Buffer.from([0x49, 0x49, 42, 0, DIRECTORY_AT, 0, 0, 0]);
  return Buffer.concat([header, directory, ...strip.parts]);
}

function listEntries(strip: OneStrip, dataAt: number): Entry[] {
  const offsets: number[] = [];
  let at = dataAt;
  for (const { length } of strip.parts) {
    offsets.push(at);
    at += length;
  }
  const { samplesPerPixel } = strip;
  const short = (tag: number, ...values: number[]): Entry => ({ tag, type: SHORT, values });
  const long = (tag: number, ...values: number[]): Entry => ({ tag, type: LONG, values });
  return [
    long(256, strip.width),
    long(257, strip.height),
    short(258, ...Array.from({ length: samplesPerPixel }, () => 8)),
    short(259, strip.compression),
    short(262, strip.photometric),
    long(273, ...offsets),
    short(277, samplesPerPixel),
    long(278, strip.height),
    long(279, ...strip.parts.map(({ length }) => length)),
    short(284, strip.parts.length > 1 ? 2 : 1),
    // Codings without a predictor do not know the field.
    ...(strip.predictor === 1 ? [] : [short(317, strip.predictor)]),
    ...(samplesPerPixel === 4 ? [short(338, ALPHA_NOT_PREMULTIPLIED)] : []),
  ];
}

/** The table of entries, the end of the chain, then the values that are too long for the table. */
function encodeDirectory(entries: readonly Entry[]): Buffer {
  const table = Buffer.alloc(2 + entries.length * 12 + 4);
  table.writeUInt16LE(entries.length, 0);
  const outside: Buffer[] = [];
  let outsideAt = DIRECTORY_AT + table.length;
  for (const [index, { tag, type, values }] of entries.entries()) {
    const bytes = Buffer.concat(values.map((value) => encodeValue(type, value)));
    const at = 2 + index * 12;
    table.writeUInt16LE(tag, at);
    table.writeUInt16LE(type, at + 2);
    table.writeUInt32LE(values.length, at + 4);
    if (bytes.length <= 4) {
      bytes.copy(table, at + 8);
    } else {
      table.writeUInt32LE(outsideAt, at + 8);
      outside.push(bytes);
      outsideAt += bytes.length;
    }
  }
  return Buffer.concat([table, ...outside]);
}

function encodeValue(type: Entry['type'], value: number): Buffer {
  const bytes = Buffer.alloc(type === SHORT ? 2 : 4);
  if (type === SHORT) bytes.writeUInt16LE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}
