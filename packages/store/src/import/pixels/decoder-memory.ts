/**
 * Memory that the decoder gave for pixels, and its return. The collector of garbage sees little of such memory: left to it,
 * an import of large patches holds more than it needs and walks through all of its objects every few hundred patches.
 */

const given = new WeakSet<ArrayBufferLike>();

/** Marks memory that the decoder made for its caller alone. */
export function markDecoderMemory(pixels: Uint8Array): void {
  given.add(pixels.buffer);
}

/** Gives the memory back, where it is the decoder's; neither these pixels nor their neighbours in it may be looked at any more. */
export function releasePixels({ buffer }: Uint8Array): void {
  if (given.delete(buffer) && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
