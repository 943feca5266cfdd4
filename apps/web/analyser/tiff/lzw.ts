/** LZW as TIFF has it: codes of nine to twelve bits, highest bit first, each width left one code early. Pure. */

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const CODES_MAX = 4096;
const FIRST_WIDTH = 9;
const LAST_WIDTH = 12;

/** At most `length` bytes, so that no stream makes more room than its tile has. */
export function decodeLzw(stream: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  /** Of each code: where what it stands for was first written, and how long it is. */
  const starts = new Int32Array(CODES_MAX);
  const lengths = new Int32Array(CODES_MAX);
  let [free, width, before, filled] = [FIRST_FREE, FIRST_WIDTH, -1, 0];
  let [bits, held, at] = [0, 0, 0];
  while (filled < length) {
    while (held < width && at < stream.length) {
      bits = ((bits << 8) | (stream[at++] ?? 0)) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    const code = (bits >> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === END) break;
    if (code === CLEAR) {
      [free, width, before] = [FIRST_FREE, FIRST_WIDTH, -1];
      continue;
    }
    const written = write(code);
    if (before >= 0 && free < CODES_MAX) {
      // The code before and the first byte of this one stand next to each other in what was written.
      starts[free] = filled - before;
      lengths[free] = before + 1;
      free++;
    }
    if (free >= (1 << width) - 1 && width < LAST_WIDTH) width++;
    filled = Math.min(length, filled + written);
    before = written;
  }
  return out;

  /** Gives its length. A code that is only now made is the one before with its own first byte behind it. */
  function write(code: number): number {
    if (code < CLEAR) {
      out[filled] = code;
      return 1;
    }
    if (code > free || (code === free && before < 0)) throw new Error('its LZW stream is damaged');
    const from = code === free ? filled - before : (starts[code] ?? 0);
    const count = code === free ? before + 1 : (lengths[code] ?? 0);
    for (let step = 0; step < count && filled + step < length; step++)
      out[filled + step] = out[from + step] ?? 0;
    return count;
  }
}
