/**
 * Files that people send to be imported, in chunks that are checked one by one, so that a broken connection or a killed process
 * loses one chunk at most. What has arrived lies in a hidden folder next to its description; the whole file moves to a folder of
 * its own, below an import root. Files are the truth: any process of the same folder goes on where another stopped.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { diskFull, isDiskFull } from '../disk-fault.ts';
import { checkUploadName } from './upload-name.ts';

/** All chunks but the last have this many bytes. */
export const CHUNK_BYTES = 8 * 1024 * 1024;
/** Of what has not arrived whole, below the folder of uploads. */
export const PARTIAL_FOLDER = '.partial';
/** Unfinished ones, of everybody together. */
const OPEN_MAX = 50;
/** What no upload may take from the disk that it is on. */
const SPARED_BYTES = 1024 ** 3;
const FORGOTTEN_AFTER_MS = 48 * 60 * 60_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who sends it; null where nobody signs in. */
type Sender = { accountId: string | null };

export type Upload = {
  id: string;
  name: string;
  bytes: number;
  /** Those that have arrived and are checked. */
  received: number;
  chunkBytes: number;
  /** Where it lies, once it is whole. */
  path: string | null;
};

type Description = { id: string; name: string; bytes: number; accountId: string | null };

export type Uploads = {
  /** Where files end up, each in a folder of its own. */
  folder: string;
  /** @throws AppError BAD_INPUT for a name or size that is not taken; UNAVAILABLE without room for it */
  begin(file: { name: string; bytes: number }, sender: Sender): Promise<Upload>;
  /** @throws AppError NOT_FOUND, also for what another account sends */
  get(id: string, sender: Sender): Promise<Upload>;
  /**
   * Adds one chunk; one that is there already changes nothing.
   * @throws AppError CONFLICT at another place than the next; BAD_INPUT for a chunk that is not what it was
   */
  add(id: string, chunk: Chunk, sender: Sender): Promise<Upload>;
  /** Deletes what has arrived. What is whole stays. */
  cancel(id: string, sender: Sender): Promise<void>;
  /** Deletes what nobody has gone on with for two days; says how many. */
  sweep(nowMs?: number): Promise<number>;
};

type UploadSettings = { folder: string; bytesMax: number; chunkBytes?: number };

export async function openUploads({
  folder,
  bytesMax,
  chunkBytes = CHUNK_BYTES,
}: UploadSettings): Promise<Uploads> {
  const place: Place = { folder, partial: join(folder, PARTIAL_FOLDER), bytesMax, chunkBytes };
  await mkdir(place.partial, { recursive: true });
  const inTurn = createTurns();
  return {
    folder,
    begin: (file, sender) => begin(place, file, sender),
    get: async (id, sender) => describe(place, await find(place, id, sender)),
    add: (id, chunk, sender) => inTurn(id, async () => add(place, await find(place, id, sender), chunk)),
    cancel: (id, sender) =>
      inTurn(id, async () => {
        const { data, description } = filesOf(place, (await find(place, id, sender)).id);
        await rm(data, { force: true });
        await rm(description, { force: true });
      }),
    sweep: (nowMs = Date.now()) => sweep(place, nowMs),
  };
}

type Place = { folder: string; partial: string; bytesMax: number; chunkBytes: number };
type Chunk = { offset: number; content: Uint8Array; hash: string | null };

/** Chunks of one upload come one after the other, whatever its sender does. */
function createTurns() {
  const turns = new Map<string, Promise<unknown>>();
  return async <Result>(id: string, act: () => Promise<Result>): Promise<Result> => {
    const before = turns.get(id) ?? Promise.resolve();
    const own = before.then(act, act);
    turns.set(id, own);
    try {
      return await own;
    } finally {
      if (turns.get(id) === own) turns.delete(id);
    }
  };
}

/** What has arrived, and what is known of it. */
function filesOf({ partial }: Place, id: string): { data: string; description: string } {
  return { data: join(partial, id), description: join(partial, `${id}.json`) };
}

async function find(place: Place, id: string, { accountId }: Sender): Promise<Description> {
  const text = UUID.test(id)
    ? await readFile(filesOf(place, id).description, 'utf8').catch(() => null)
    : null;
  const found = text === null ? null : (JSON.parse(text) as Description);
  if (!found || (accountId !== null && found.accountId !== accountId))
    throw new AppError('NOT_FOUND', `There is no upload '${id}'.`);
  return found;
}

async function describe(place: Place, { id, name, bytes }: Description): Promise<Upload> {
  const { chunkBytes } = place;
  const path = join(place.folder, id, name);
  const whole = await stat(path).catch(() => null);
  if (whole) return { id, name, bytes, received: bytes, chunkBytes, path };
  // What a killed process wrote of a chunk does not count, and of the last one only the whole file does.
  const size = Math.min(await sizeOf(filesOf(place, id).data), bytes - 1);
  return { id, name, bytes, received: size - (size % chunkBytes), chunkBytes, path: null };
}

async function begin(
  place: Place,
  { name: typed, bytes }: { name: string; bytes: number },
  { accountId }: Sender,
): Promise<Upload> {
  const { folder, partial, bytesMax } = place;
  const name = checkUploadName(typed);
  checkSize(name, { bytes, bytesMax });
  const waiting = await listOpen(partial);
  if (waiting.length >= OPEN_MAX)
    throw new AppError(
      'UNAVAILABLE',
      `${OPEN_MAX} uploads are under way: this server takes no more at a time.`,
    );
  await checkRoom(folder, { name, bytes, promised: await sumPromised(waiting, partial) });
  const found: Description = { id: randomUUID(), name, bytes, accountId };
  const { data, description } = filesOf(place, found.id);
  await writeWhole(data, new Uint8Array());
  await writeWhole(description, Buffer.from(JSON.stringify(found)));
  return describe(place, found);
}

async function add(place: Place, found: Description, { offset, content, hash }: Chunk): Promise<Upload> {
  const before = await describe(place, found);
  if (offset + content.length <= before.received) return before;
  checkPlace(before, { offset, length: content.length });
  checkHash(content, hash);
  await writeChunk(filesOf(place, found.id).data, { offset, content });
  if (offset + content.length === found.bytes) await finish(place, found);
  return describe(place, found);
}

async function finish(place: Place, { id, name }: Description): Promise<void> {
  const own = join(place.folder, id);
  await mkdir(own, { recursive: true });
  await rename(filesOf(place, id).data, join(own, name));
  await syncFolder(own);
}

async function sweep(place: Place, nowMs: number): Promise<number> {
  let swept = 0;
  for (const id of await listDescribed(place.partial)) {
    const { data, description } = filesOf(place, id);
    // That of a whole file is kept as long, for a sender who did not hear that it is.
    const newest = await stat(data).catch(() => stat(description).catch(() => null));
    if (!newest || nowMs - newest.mtimeMs < FORGOTTEN_AFTER_MS) continue;
    await rm(data, { force: true });
    await rm(description, { force: true });
    swept++;
  }
  return swept;
}

function checkSize(name: string, { bytes, bytesMax }: { bytes: number; bytesMax: number }): void {
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw new AppError('BAD_INPUT', `The size of '${name}' is ${bytes}: it has at least one byte.`);
  if (bytes > bytesMax)
    throw new AppError('BAD_INPUT', `'${name}' has ${bytes} bytes: an upload has at most ${bytesMax}.`);
}

type Wanted = { name: string; bytes: number; promised: number };

async function checkRoom(folder: string, { name, bytes, promised }: Wanted): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.max(0, bavail * bsize - SPARED_BYTES - promised);
  if (bytes <= free) return;
  throw new AppError(
    'UNAVAILABLE',
    `'${name}' has ${bytes} bytes, and the disk of the server has room for ${Math.floor(free)}. Nothing was sent.`,
  );
}

function checkPlace(upload: Upload, { offset, length }: { offset: number; length: number }): void {
  if (offset !== upload.received)
    throw new AppError('CONFLICT', `The next byte is ${upload.received}, not ${offset}.`);
  const expected = Math.min(upload.chunkBytes, upload.bytes - offset);
  if (length !== expected)
    throw new AppError('BAD_INPUT', `The chunk at ${offset} has ${length} bytes, not ${expected}.`);
}

function checkHash(content: Uint8Array, hash: string | null): void {
  if (hash === null) return;
  const own = createHash('sha256').update(content).digest('hex');
  if (own !== hash.toLowerCase())
    throw new AppError(
      'BAD_INPUT',
      `The chunk arrived with the SHA-256 ${own}, and was sent with ${hash}. Send it again.`,
    );
}

async function writeChunk(
  path: string,
  { offset, content }: { offset: number; content: Uint8Array },
): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(content, 0, content.length, offset);
    await file.truncate(offset + content.length);
    await file.sync();
  } catch (error) {
    throw isDiskFull(error) ? diskFull(path, 'what had arrived before is kept', error) : error;
  } finally {
    await file.close();
  }
}

async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}

async function listDescribed(partial: string): Promise<string[]> {
  const names = await readdir(partial);
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
}

async function listOpen(partial: string): Promise<string[]> {
  const names = new Set(await readdir(partial));
  return (await listDescribed(partial)).filter((id) => names.has(id));
}

/** What the others may still send. */
async function sumPromised(ids: readonly string[], partial: string): Promise<number> {
  const left = ids.map(async (id) => {
    const text = await readFile(join(partial, `${id}.json`), 'utf8').catch(() => null);
    const bytes = text === null ? 0 : (JSON.parse(text) as Description).bytes;
    return Math.max(0, bytes - (await sizeOf(join(partial, id))));
  });
  return (await Promise.all(left)).reduce((sum, bytes) => sum + bytes, 0);
}
