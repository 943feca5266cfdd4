/** One table as entries of an archive: COPY's text, cut between rows, each entry at most a few megabytes. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { ArchiveEntries } from './archive-writer.ts';
import { type BackedUpTable, nameTableEntry } from './backup-manifest.ts';
import { type DatabaseTable, quoteTable } from './database-tables.ts';

const ENTRY_BYTES = 4 * 1024 * 1024;
const LINE_END = 0x0a;

type Dump = {
  client: ClientBase;
  table: DatabaseTable;
  entries: ArchiveEntries;
  onBytes(bytes: number): void;
};

export async function dumpTable({ client, table, entries, onBytes }: Dump): Promise<BackedUpTable> {
  const copy = client.query(copyTo(`copy ${quoteTable(client, table)} to stdout`));
  const hashes: string[] = [];
  const add = async (rows: Buffer) => {
    if (rows.length === 0) return;
    await entries.add(nameTableEntry(table.name, hashes.length), rows);
    hashes.push(createHash('sha256').update(rows).digest('hex'));
    onBytes(rows.length);
  };
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of copy as AsyncIterable<Buffer>) {
    gathered.push(chunk);
    bytes += chunk.length;
    if (bytes < ENTRY_BYTES) continue;
    const all = Buffer.concat(gathered);
    // Within a value COPY writes a line break as two letters, so this is always the end of a row.
    const end = all.lastIndexOf(LINE_END) + 1;
    await add(all.subarray(0, end));
    gathered = [all.subarray(end)];
    bytes = all.length - end;
  }
  await add(Buffer.concat(gathered));
  return { name: table.name, columns: table.columns, rows: copy.rowCount, hashes };
}
