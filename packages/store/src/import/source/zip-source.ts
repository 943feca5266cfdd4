/**
 * A zip file of patches, read in place. What an entry declares is checked before any of it is inflated; an entry
 * that cannot be used is refused by itself, a directory that cannot be trusted with all its entries.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { isContainerName, isTableName } from '@microtome/domain/source/file-path';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { type Fault, printablePath, refuseTooLarge } from '../refusal.ts';
import type { PatchSource, ScanRequest, SourceFile } from './patch-source.ts';
import { copyMember } from './zip/copy-member.ts';
import { METHOD_DEFLATED, METHOD_STORED } from './zip/local-header.ts';
import { readMember } from './zip/read-member.ts';
import { looksLikeZip, readZipDirectory } from './zip/zip-directory.ts';
import type { ZipEntry } from './zip/zip-record.ts';
import { createZipWindow } from './zip/zip-window.ts';

const NOT_LISTED: Fault = {
  code: 'NOT_LISTED',
  reason:
    "It lies in the zip file, but the zip's directory does not name it: it was deleted, or the directory is damaged.",
};

type OpenZip = { path: string; handle: FileHandle; sizeBytes: number };

/** A source over the zip file at `path`; null when the file is no zip. */
export async function createZipSource(path: string): Promise<PatchSource | null> {
  const handle = await open(path, 'r');
  try {
    const { size: sizeBytes } = await handle.stat();
    if (await looksLikeZip(createZipWindow(handle, sizeBytes))) {
      const scan = (request: ScanRequest) => scanZip({ path, handle, sizeBytes }, request);
      return { kind: 'zip', path, scan, close: () => handle.close() };
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return null;
}

async function scanZip(zip: OpenZip, { refuse, signal }: ScanRequest): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const { entries, skippedNames } = await readEntries(zip, signal);
  for (const path of skippedNames) refuse({ path, ...NOT_LISTED });
  for (const entry of entries) {
    const { path } = entry;
    if (isFolder(entry)) continue;
    const fault = findEntryFault(entry, zip);
    if (fault) refuse({ path, ...fault });
    else files.push(openMember(zip, entry));
  }
  return files;
}

function openMember({ handle }: OpenZip, entry: ZipEntry): SourceFile {
  const { path } = entry;
  const read = () => readMember(handle, entry);
  if (!isContainerName(path)) return { path, read };
  return { path, read, copyTo: (target) => copyMember(handle, entry, target) };
}

/** @throws AppError BAD_INPUT that says why the directory cannot be read or trusted */
async function readEntries(
  zip: OpenZip,
  signal: AbortSignal,
): Promise<{ entries: ZipEntry[]; skippedNames: string[] }> {
  const directory = await readZipDirectory(createZipWindow(zip.handle, zip.sizeBytes), signal);
  if (directory.kind === 'entries') return directory;
  if (directory.kind === 'damaged') throw damagedZip(zip, directory.damage);
  const shown = printablePath(zip.path);
  if (directory.kind === 'part') {
    throw new AppError(
      'BAD_INPUT',
      `${shown} is one part of a split zip: join the parts into one file first.`,
    );
  }
  if (directory.kind === 'too-many') {
    const limit = IMPORT_LIMITS.filesMax.toLocaleString('en');
    throw new AppError('BAD_INPUT', `${shown} lists more than ${limit} files.`);
  }
  throw new AppError('BAD_INPUT', `${shown} is no zip file any more.`);
}

function damagedZip({ path }: OpenZip, damage: string): AppError {
  return new AppError('BAD_INPUT', `${printablePath(path)} is a damaged zip file: it ${damage}.`);
}

function isFolder({ path, inflatedBytes }: ZipEntry): boolean {
  return path.endsWith('/') && inflatedBytes === 0;
}

function findEntryFault(entry: ZipEntry, { sizeBytes }: OpenZip): Fault | null {
  if (entry.isLink) return { code: 'LINK', reason: 'It is a symbolic link; links are not followed.' };
  if (climbsOut(entry.path)) return { code: 'PATH_ESCAPES', reason: 'Its path leads out of the zip file.' };
  if (entry.path.endsWith('/')) return { code: 'NOT_A_FILE', reason: 'It is a folder, and holds bytes.' };
  if (entry.isEncrypted) {
    return { code: 'ENCRYPTED', reason: 'It is encrypted; make the zip file again without a password.' };
  }
  if (entry.headerOffset >= sizeBytes) {
    return { code: 'UNREADABLE', reason: 'The zip file ends before it does.' };
  }
  if (entry.disk !== 0) return { code: 'UNREADABLE', reason: 'It lies in another part of a split zip.' };
  if (entry.method !== METHOD_STORED && entry.method !== METHOD_DEFLATED) {
    const reason = `It is packed by method ${entry.method}; only stored and deflated entries can be read.`;
    return { code: 'UNREADABLE', reason };
  }
  return findSizeFault(entry);
}

function climbsOut(path: string): boolean {
  return (
    path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..') || path.includes('\0')
  );
}

function findLimit(path: string): number {
  if (isContainerName(path)) return IMPORT_LIMITS.containerBytesMax;
  return isTableName(path) ? IMPORT_LIMITS.tableBytesMax : IMPORT_LIMITS.fileBytesMax;
}

function findSizeFault({ path, inflatedBytes, packedBytes }: ZipEntry): Fault | null {
  const sizeBytes = Math.max(inflatedBytes, packedBytes);
  const limitBytes = findLimit(path);
  if (sizeBytes > limitBytes) {
    const checked = refuseTooLarge(sizeBytes, limitBytes);
    return checked.ok ? null : checked.fault;
  }
  // Text packs well, and this much of it is read at most.
  if (isTableName(path)) return null;
  const ratio = inflatedBytes / Math.max(1, packedBytes);
  if (inflatedBytes > IMPORT_LIMITS.ratioCheckedFromBytes && ratio > IMPORT_LIMITS.inflateRatioMax) {
    const reason = `It inflates ${Math.round(ratio)} fold, as a zip bomb does; an image inflates a few fold at most.`;
    return { code: 'SUSPICIOUS_RATIO', reason };
  }
  return null;
}
