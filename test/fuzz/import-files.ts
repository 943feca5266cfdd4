/**
 * What must hold for every file that is given to an import or to `predict`: it ends as an import or as an error in a plain
 * sentence, in bounded time, with nothing written elsewhere, and never with fewer patches than there are and no word.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { readPatches } from '@microtome/store/import/pixels/read-patch';
import type { Refusal } from '@microtome/store/import/refusal';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import { listPredictionFiles } from '../../workers/train/src/prediction/prediction-files.ts';

const SENTENCE = /^\S.*[.!?]$/su;
/** What no sentence for a person says. */
const UNPLAIN = /\bundefined\b|\bnull\b|NaN|\[object|ENOENT|ERR_|EINVAL|RangeError|TypeError|node:|\n\s+at /;
const SECONDS_MAX = 10;
const ENTRY_HEAD = Buffer.from('PK\u0003\u0004', 'latin1');
const DIRECTORY_HEAD = Buffer.from('PK\u0001\u0002', 'latin1');

export type Tried = { outcome: 'listed' | 'refused'; accounted: number };

/** A folder for one input at a time. */
export async function openFuzzFolder(): Promise<{
  path: string;
  put(bytes: Buffer): Promise<string>;
  close(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'microtome-fuzz-'));
  const file = join(path, 'patches.zip');
  return {
    path,
    async put(bytes) {
      await writeFile(file, bytes);
      return file;
    },
    close: () => rm(path, { recursive: true, force: true }),
  };
}

/** Scans the zip and reads every file, as the first half of an import does. */
export async function tryZip(file: string): Promise<Tried> {
  return bounded(async () => {
    const refusals: Refusal[] = [];
    const source = await openPatchSource(file);
    try {
      const files = await source.scan({
        refuse: (refusal) => refusals.push(refusal),
        signal: new AbortController().signal,
      });
      for (const { refusals: own } of await readPatches(files.map((file) => ({ file, copies: [] })))) {
        for (const refusal of own) requireSentence(refusal.reason);
      }
      for (const { reason } of refusals) requireSentence(reason);
      return { outcome: 'listed', accounted: files.length + refusals.length };
    } finally {
      await source.close();
    }
  });
}

/** As `predict` lists and reads what it is given. */
export async function tryPrediction(file: string): Promise<Tried> {
  return bounded(async () => {
    let refused = 0;
    const { label, close } = await listPredictionFiles({ path: file }, ({ reason }) => {
      requireSentence(reason);
      refused += 1;
    });
    const { files } = label({
      sides: ['NEGATIVE', 'POSITIVE'],
      classNames: ['not IDC', 'IDC'],
      positiveName: 'IDC',
    });
    try {
      for (const { refusals } of await readPatches(files)) {
        for (const { reason } of refusals) requireSentence(reason);
      }
      const read = files.reduce((sum, { copies }) => sum + 1 + copies.length, 0);
      return { outcome: 'listed', accounted: read + refused };
    } finally {
      await close();
    }
  });
}

/** Null when it is refused. */
export async function tryImage(bytes: Buffer): Promise<Uint8Array | null> {
  const decoded = await decodePatch(bytes);
  if (!decoded.ok) {
    requireSentence(decoded.fault.reason);
    return null;
  }
  const { width, height, pixels } = decoded.value;
  if (pixels.length !== width * height * 3)
    throw new Error(`${width} x ${height} has ${pixels.length} bytes`);
  return pixels;
}

/** The entries of a valid zip, each with its own header: how often which bytes are there. */
export function listSpans(valid: Buffer): Map<string, number> {
  const spans = new Map<string, number>();
  const ends = [ENTRY_HEAD, DIRECTORY_HEAD];
  for (let at = valid.indexOf(ENTRY_HEAD); at >= 0; ) {
    const next = valid.indexOf(ENTRY_HEAD, at + 1);
    const end = Math.min(...ends.map((head) => valid.indexOf(head, at + 1)).filter((place) => place > 0));
    const span = valid.toString('latin1', at, end);
    spans.set(span, (spans.get(span) ?? 0) + 1);
    at = next;
  }
  return spans;
}

/** How many of them are still there, byte for byte. */
export function countIntact(bytes: Buffer, spans: Map<string, number>): number {
  const text = bytes.toString('latin1');
  return [...spans].reduce((sum, [span, times]) => sum + Math.min(times, text.split(span).length - 1), 0);
}

async function bounded(act: () => Promise<Tried>): Promise<Tried> {
  const startedMs = performance.now();
  const tried = await act().catch((error: unknown): Tried => {
    if (!(error instanceof AppError) || error.code === 'INTERNAL') throw error;
    requireSentence(error.message);
    return { outcome: 'refused', accounted: 0 };
  });
  const seconds = (performance.now() - startedMs) / 1000;
  if (seconds > SECONDS_MAX) throw new Error(`It took ${seconds.toFixed(1)} s.`);
  return tried;
}

function requireSentence(text: string): void {
  if (!SENTENCE.test(text) || UNPLAIN.test(text))
    throw new Error(`This is no plain sentence: ${JSON.stringify(text)}`);
}

/** What lies in the folder beside the input: nothing, unless something was unpacked there. */
export async function listStrangers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== 'patches.zip');
}
