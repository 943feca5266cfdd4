/** Zips written byte by byte, as programs write them that leave something out, and as damage leaves them. */
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createFolder } from './patch-files.ts';

const LOCAL_BYTES = 30;
const RECORD_BYTES = 46;

export type ForgedEntry = { name: string; content: Buffer };

export type Forgery = {
  entries: readonly ForgedEntry[];
  /** Bytes before the first entry; offsets count from the first entry unless `offsetsIncludeHead`. */
  head?: Buffer;
  offsetsIncludeHead?: boolean;
  /** Bytes behind the end record. */
  tail?: Buffer;
  comment?: Buffer;
  /** What the end record states in place of the truth. */
  states?: { entries?: number; bytes?: number; offset?: number; disk?: number };
  /** Records of the directory that are left out. */
  unlisted?: readonly string[];
};

/** The bytes of a zip of stored entries, without a zip64 record. */
export function forgeZip(forgery: Forgery): Buffer {
  const { entries, head = Buffer.alloc(0), tail = Buffer.alloc(0), comment = Buffer.alloc(0) } = forgery;
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = forgery.offsetsIncludeHead ? head.length : 0;
  for (const entry of entries) {
    const local = writeLocal(entry);
    if (!forgery.unlisted?.includes(entry.name)) records.push(writeRecord(entry, offset));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(records);
  const { states = {} } = forgery;
  const end = writeEnd({
    entries: (states.entries ?? records.length) % 0x10000,
    bytes: states.bytes ?? directory.length,
    offset: states.offset ?? offset,
    disk: states.disk ?? 0,
    comment,
  });
  return Buffer.concat([head, ...locals, directory, end, tail]);
}

export async function writeForgedZip(forgery: Forgery): Promise<string> {
  return writeBytes(forgeZip(forgery));
}

export async function writeBytes(bytes: Buffer): Promise<string> {
  const path = join(await createFolder(), 'patches.zip');
  await writeFile(path, bytes);
  return path;
}

/** A file of more than 4 GB that takes a page of the disk: two large holes and a file behind them, offsets cut to 32 bits. */
export async function writeLargeZip(last: ForgedEntry): Promise<string> {
  const path = join(await createFolder(), 'large.zip');
  const handle = await open(path, 'w');
  const records: Buffer[] = [];
  let offset = 0;
  for (const hole of [3e9, 2e9, 0]) {
    const entry = hole > 0 ? { name: `${hole}.bin`, content: Buffer.alloc(0) } : last;
    const [local, record] = [writeLocal(entry), writeRecord(entry, offset % 2 ** 32)];
    if (hole > 0) for (const at of [20, 24]) record.writeUInt32LE(hole, at);
    await handle.write(local, 0, undefined, offset);
    records.push(record);
    offset += local.length + hole;
  }
  const directory = Buffer.concat(records);
  const stated = { entries: 3, bytes: directory.length, offset: offset % 2 ** 32, disk: 0 };
  const end = writeEnd({ ...stated, comment: Buffer.alloc(0) });
  await handle.write(Buffer.concat([directory, end]), 0, undefined, offset);
  await handle.close();
  return path;
}

function writeLocal({ name, content }: ForgedEntry): Buffer {
  const local = Buffer.alloc(LOCAL_BYTES);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt32LE(crc32(content), 14);
  local.writeUInt32LE(content.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([local, Buffer.from(name), content]);
}

function writeRecord({ name, content }: ForgedEntry, offset: number): Buffer {
  const record = Buffer.alloc(RECORD_BYTES);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(20, 6);
  record.writeUInt32LE(crc32(content), 16);
  record.writeUInt32LE(content.length, 20);
  record.writeUInt32LE(content.length, 24);
  record.writeUInt16LE(Buffer.byteLength(name), 28);
  record.writeUInt32LE(offset, 42);
  return Buffer.concat([record, Buffer.from(name)]);
}

function writeEnd(stated: { entries: number; bytes: number; offset: number; disk: number; comment: Buffer }) {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(stated.disk, 4);
  end.writeUInt16LE(stated.disk, 6);
  end.writeUInt16LE(stated.entries, 8);
  end.writeUInt16LE(stated.entries, 10);
  end.writeUInt32LE(stated.bytes, 12);
  end.writeUInt32LE(stated.offset, 16);
  end.writeUInt16LE(stated.comment.length, 20);
  return Buffer.concat([end, stated.comment]);
}
