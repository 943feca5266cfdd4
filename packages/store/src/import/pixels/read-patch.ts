/**
 * One patch from its file, or from the files that claim to be the same one: they are read and compared, so that a
 * second copy is passed over only when it shows the same pixels.
 */
import { type Checked, printablePath, type Refusal } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import { type DecodedPatch, decodePatch } from './decode-patch.ts';

export type ReadPatch = DecodedPatch & {
  /** The file that was taken. */
  path: string;
  bytes: Uint8Array;
};

/** `patch` is null when no file can be used, or when they show different things; each file but it is refused. */
export type PatchReading = { patch: ReadPatch | null; refusals: readonly Refusal[] };

const NOTHING_REFUSED: readonly Refusal[] = [];

type PatchFiles = {
  file: SourceFile;
  /** Others that claim to be the same. */
  copies: readonly SourceFile[];
};

/** Reads the patch. Never throws for what a file holds. */
export async function readPatch(planned: PatchFiles): Promise<PatchReading> {
  const { file, copies } = planned;
  if (copies.length > 0) return compareCopies([file, ...copies]);
  const bytes = await file.read();
  const read = bytes.ok ? await decodeFile(file, bytes.value) : bytes;
  if (read.ok) return { patch: read.value, refusals: NOTHING_REFUSED };
  return { patch: null, refusals: [{ path: file.path, ...read.fault }] };
}

async function decodeFile({ path }: SourceFile, bytes: Uint8Array): Promise<Checked<ReadPatch>> {
  const decoded = await decodePatch(bytes);
  return decoded.ok ? { ok: true, value: { ...decoded.value, path, bytes } } : decoded;
}

/** The first that can be read, when all that can be read show the same; a damaged copy does not take a whole one along. */
async function compareCopies(files: readonly SourceFile[]): Promise<PatchReading> {
  const refusals: Refusal[] = [];
  let kept: ReadPatch | null = null;
  const twins: string[] = [];
  const others: string[] = [];
  for (const file of files) {
    const bytes = await file.read();
    if (bytes.ok && kept && isEqual(bytes.value, kept.bytes)) {
      twins.push(file.path);
      continue;
    }
    const read = bytes.ok ? await decodeFile(file, bytes.value) : bytes;
    if (!read.ok) refusals.push({ path: file.path, ...read.fault });
    else if (!kept) kept = read.value;
    else if (showsSame(read.value, kept)) twins.push(file.path);
    else others.push(file.path);
  }
  if (!kept) return { patch: null, refusals };
  const { path } = kept;
  if (others.length === 0) {
    return { patch: kept, refusals: [...refusals, ...twins.map((twin) => refuseTwin(twin, path))] };
  }
  const [other = ''] = others;
  const conflicts = [path, ...twins].map((shown) => refuseConflict(shown, other));
  return {
    patch: null,
    refusals: [...refusals, ...conflicts, ...others.map((shown) => refuseConflict(shown, path))],
  };
}

function showsSame(left: DecodedPatch, right: DecodedPatch): boolean {
  return left.width === right.width && left.height === right.height && isEqual(left.pixels, right.pixels);
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function refuseTwin(path: string, kept: string): Refusal {
  const reason = `The same patch was found before, as ${nameOther(kept, path)}, and is taken once.`;
  return { path, code: 'DUPLICATE', reason };
}

function refuseConflict(path: string, other: string): Refusal {
  const reason = `It shows other pixels than ${nameOther(other, path)}, of the same place and class: neither is taken.`;
  return { path, code: 'CONFLICTING_PIXELS', reason };
}

/** A zip may hold two files of one name. */
function nameOther(other: string, path: string): string {
  return other === path ? 'another file of this very name' : printablePath(other);
}
