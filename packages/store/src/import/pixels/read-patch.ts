/**
 * Patches from their files, or from the files that claim to be the same one: they are read and compared, so that a
 * second copy is passed over only when it shows the same pixels.
 */
import { accept, type Checked, printablePath, type Refusal } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import { type DecodedPatch, decodePatch } from './decode-patch.ts';
import { decodeTogether } from './decode-together.ts';

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

/** Reads patches, in their order. Never throws for what a file holds. */
export async function readPatches(planned: readonly PatchFiles[]): Promise<PatchReading[]> {
  const contents = await Promise.all(planned.map(({ file }) => file.read()));
  const decoded = await decodeTogether(contents);
  return Promise.all(
    planned.map(({ file, copies }, position) => {
      const content = contents[position] as Checked<Uint8Array>;
      const first = toReadPatch(file, content, decoded[position] as Checked<DecodedPatch>);
      return copies.length > 0 ? compareCopies(file, first, copies) : tellReading(file, first);
    }),
  );
}

function tellReading({ path }: SourceFile, read: Checked<ReadPatch>): PatchReading {
  if (read.ok) return { patch: read.value, refusals: NOTHING_REFUSED };
  return { patch: null, refusals: [{ path, ...read.fault }] };
}

function toReadPatch(
  { path }: SourceFile,
  content: Checked<Uint8Array>,
  decoded: Checked<DecodedPatch>,
): Checked<ReadPatch> {
  if (!content.ok) return content;
  return decoded.ok ? accept({ ...decoded.value, path, bytes: content.value }) : decoded;
}

/** The first that can be read, when all that can be read show the same; a damaged copy does not take a whole one along. */
async function compareCopies(
  file: SourceFile,
  first: Checked<ReadPatch>,
  copies: readonly SourceFile[],
): Promise<PatchReading> {
  const refusals: Refusal[] = first.ok ? [] : [{ path: file.path, ...first.fault }];
  let kept: ReadPatch | null = first.ok ? first.value : null;
  const twins: string[] = [];
  const others: string[] = [];
  for (const copy of copies) {
    const bytes = await copy.read();
    if (bytes.ok && kept && isEqual(bytes.value, kept.bytes)) {
      twins.push(copy.path);
      continue;
    }
    const read = toReadPatch(copy, bytes, bytes.ok ? await decodePatch(bytes.value) : bytes);
    if (!read.ok) refusals.push({ path: copy.path, ...read.fault });
    else if (!kept) kept = read.value;
    else if (showsSame(read.value, kept)) twins.push(copy.path);
    else others.push(copy.path);
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
