/**
 * Pixels given back by hand. They lie outside the heap that the collector of garbage measures, so that a process which leaves
 * them to it holds several times what it needs before they are collected.
 */

/** The memory is gone at once. Only for its one owner: nobody may look at these pixels any more. */
export function releaseMemory({ buffer, byteOffset, byteLength }: Uint8Array): void {
  // A small one shares its memory with others.
  const isAlone = byteOffset === 0 && byteLength === buffer.byteLength;
  if (isAlone && buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
