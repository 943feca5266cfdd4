/** Finds the size of a dataset's patches: the one that most of them have. */
import { AppError } from '@microtome/domain/app-error';
import { mapInOrder } from '../../map-in-order.ts';
import { IMPORT_LIMITS } from '../import-limits.ts';
import type { FitRules } from '../pixels/fit-patch.ts';
import { readImageHeader } from '../pixels/headers/read-image-header.ts';
import type { PlannedPatch } from '../plan/planned-patch.ts';
import { accept, type Checked, printablePath } from '../refusal.ts';

/** Headers that are looked at, evenly spread; enough to tell a majority of half from one of a few percent. */
const HEADERS_READ_MAX = 512;
const READS_IN_FLIGHT = 8;
const ADVICE = 'The rule for what is not square may be CROP (the square in the middle) or SQUEEZE.';

/**
 * The side in pixels of the majority of the patches, which must be square unless a rule makes them so.
 * @throws AppError BAD_INPUT when no header can be read, or the majority is not square
 */
export async function choosePatchSize(planned: readonly PlannedPatch[], rules: FitRules): Promise<number> {
  const counts = new Map<string, number>();
  let example = '';
  const headers = mapInOrder(pickEvenly(planned), { inFlightMax: READS_IN_FLIGHT, work: readSize });
  for await (const { path, size } of headers) {
    if (size.ok) counts.set(size.value, (counts.get(size.value) ?? 0) + 1);
    else example ||= `${printablePath(path)}: ${size.fault.reason}`;
  }
  const majority = [...counts].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))[0];
  if (!majority)
    throw new AppError('BAD_INPUT', `Nothing to import: no patch can be read, for example ${example}`);
  const [width, height] = majority[0].split('x').map(Number) as [number, number];
  if (width === height || rules.notSquare !== 'REFUSE') return checkSide(Math.min(width, height));
  const share = `${majority[1]} of ${[...counts.values()].reduce((sum, count) => sum + count, 0)}`;
  const what = `most of these (${share}) have ${width} x ${height} pixels`;
  throw new AppError('BAD_INPUT', `Patches must be square, but ${what}. ${ADVICE}`);
}

function checkSide(side: number): number {
  const least = IMPORT_LIMITS.patchSidePxMin;
  if (side >= least) return side;
  const what = `Most of these patches have ${side} x ${side} pixels`;
  throw new AppError('BAD_INPUT', `${what}, and ${least} x ${least} are the least.`);
}

function* pickEvenly(planned: readonly PlannedPatch[]): Generator<PlannedPatch> {
  const count = Math.min(planned.length, HEADERS_READ_MAX);
  for (let position = 0; position < count; position++) {
    yield planned[Math.floor((position * planned.length) / count)] as PlannedPatch;
  }
}

async function readSize({ file }: PlannedPatch): Promise<{ path: string; size: Checked<string> }> {
  const bytes = await file.read();
  if (!bytes.ok) return { path: file.path, size: bytes };
  const header = await readImageHeader(bytes.value);
  const size = header.ok ? accept(`${header.value.width}x${header.value.height}`) : header;
  return { path: file.path, size };
}
