/** A zlib stream, by the browser's own decoder, without a detour by a blob: that would ask another process. */

/** At most `length` bytes; fewer where the stream ends before. Throws where it is damaged. */
export async function inflate(stream: Uint8Array<ArrayBuffer>, length: number): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  // What is wrong with the stream is told by the reader.
  void writer.write(stream).catch(() => undefined);
  void writer.close().catch(() => undefined);
  const reader = readable.getReader();
  const out = new Uint8Array(length);
  let filled = 0;
  try {
    while (filled < length) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
  return out.subarray(0, filled);
}
