/**
 * What a JPEG 2000 or JPEG-LS stream says of itself, read before a codec sees it: a stream may claim any size, and a
 * codec makes room for it.
 */

type CodestreamHeader = {
  width: number;
  height: number;
  components: number;
  bitsPerSample: number;
  /** The colours, after the first, have fewer pixels than the picture. */
  isSubsampled: boolean;
};

const JPEG_2000_START = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
const FIRST_COMPONENT_AT = 42;
const JPEG_LS_FRAME = 0xf7;

/** Throws an error that says what is wrong; the caller knows which tile it is. */
export function readJpeg2000Header(bytes: Buffer): CodestreamHeader {
  if (!bytes.subarray(0, 4).equals(JPEG_2000_START)) throw new Error('it is no JPEG 2000');
  if (bytes.length < FIRST_COMPONENT_AT) throw new Error('its JPEG 2000 is cut off');
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => bytes.readUInt32BE(at));
  const components = bytes.readUInt16BE(40);
  if (bytes.length < FIRST_COMPONENT_AT + 3 * components) throw new Error('its JPEG 2000 is cut off');
  if (left !== 0 || top !== 0) throw new Error('its JPEG 2000 begins beside its own corner');
  const parts = Array.from({ length: components }, (_, index) => {
    const at = FIRST_COMPONENT_AT + 3 * index;
    return { depth: bytes[at] ?? 0, stepX: bytes[at + 1] ?? 0, stepY: bytes[at + 2] ?? 0 };
  });
  if (parts[0]?.stepX !== 1 || parts[0]?.stepY !== 1)
    throw new Error('its JPEG 2000 has fewer pixels than it claims');
  const [, second, third] = parts;
  const isEven = second?.stepX === third?.stepX && second?.stepY === third?.stepY;
  if (!isEven || parts.some(({ stepX, stepY }) => stepX > 2 || stepY > stepX))
    throw new Error('its JPEG 2000 has colours of different sizes');
  return {
    width: right ?? 0,
    height: bottom ?? 0,
    components,
    // The highest bit says that a colour is signed: such a one has no eight bits for this product.
    bitsPerSample: Math.max(0, ...parts.map(({ depth }) => depth + 1)),
    isSubsampled: (second?.stepX ?? 1) > 1,
  };
}

/** Throws an error that says what is wrong; the caller knows which tile it is. */
export function readJpegLsHeader(bytes: Buffer): CodestreamHeader {
  for (let at = 2; at + 10 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    if (bytes[at + 1] === JPEG_LS_FRAME) {
      return {
        bitsPerSample: bytes[at + 4] ?? 0,
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        components: bytes[at + 9] ?? 0,
        isSubsampled: false,
      };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  throw new Error('it is no JPEG-LS');
}
