/**
 * Files stored by content: the name of an artifact is the sha256 of its bytes, so it never changes and is never stored
 * twice. An artifact is stored first and named in the database afterwards; what no row names is swept after a while.
 */
import type { Readable } from 'node:stream';

export type ArtifactRef = {
  /** sha256 of the bytes, 64 hexadecimal digits. */
  hash: string;
  bytes: number;
  mediaType: string;
};

export type ArtifactSource = AsyncIterable<Uint8Array> | Uint8Array;

/** Both ends belong to the range, as in HTTP. */
export type ByteRange = { start: number; end?: number };

export type StoredArtifact = { hash: string; modifiedAt: Date };

export type ArtifactStore = {
  readonly url: string;
  /** Stores the bytes, or finds them stored; whole or not at all. UNAVAILABLE when the disk is full. */
  put(source: ArtifactSource, mediaType: string): Promise<ArtifactRef>;
  putFile(path: string, mediaType: string): Promise<ArtifactRef>;
  /**
   * NOT_FOUND when there is none. Read whole, the stream fails with DAMAGED at its end unless the bytes are those of the
   * hash; a range is not checked.
   */
  open(hash: string, range?: ByteRange): Promise<Readable>;
  /** NOT_FOUND when there is none, DAMAGED when the bytes are not those of the hash. */
  read(hash: string): Promise<Buffer>;
  /** Reads it through. NOT_FOUND, DAMAGED. */
  verify(hash: string): Promise<void>;
  has(hash: string): Promise<boolean>;
  /** The path of the file on this machine, or null when the store keeps none here. */
  findLocalPath(hash: string): string | null;
  /** Deletes unless the artifact was stored (again) after `unlessStoredAfter`; says whether it did. */
  delete(hash: string, unlessStoredAfter?: Date): Promise<boolean>;
  list(): AsyncIterable<StoredArtifact>;
  /** Removes what crashes before that time left half-written. */
  removeUnfinished(before: Date): Promise<void>;
};

/** What each kind of store implements: the stored bytes, unchecked. */
export type StoredBytes = Omit<ArtifactStore, 'verify'>;
