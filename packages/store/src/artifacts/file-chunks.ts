/**
 * The bytes of a file as a source of artifacts. The file is opened by the first reader and not before: a stream opened
 * earlier reports a missing file while nobody listens, and such a report ends the process.
 */
import { createReadStream } from 'node:fs';

/** Fails with the error of the file system when it is read. */
export async function* readFileChunks(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}
