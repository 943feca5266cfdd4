/** Why a patch of another size than its dataset's cannot be taken, as far as its size and its place tell. */
import { isEdgeStrip, type SlideReach } from '@microtome/domain/slide/slide-extent';
import type { Fault } from '../refusal.ts';

type Size = { width: number; height: number };

export function describeWrongSize({ width, height }: Size, patchSizePx: number): Fault {
  const reason = `It has ${width} x ${height} pixels; patches of this dataset have ${patchSizePx} x ${patchSizePx}.`;
  return { code: 'NOT_PATCH_SIZE', reason };
}

/** The fault of a patch that is smaller than the others without lying at the edge of its slide. */
export function findStripFault(
  strip: Size & { x: number; y: number },
  reach: SlideReach,
  patchSizePx: number,
): Fault | null {
  if (isEdgeStrip(strip, reach, patchSizePx)) return null;
  const size = `${strip.width} x ${strip.height}`;
  const reason = `It has ${size} pixels where its slide does not end; only at the right or lower edge may a patch be smaller than ${patchSizePx} x ${patchSizePx}.`;
  return { code: 'NOT_PATCH_SIZE', reason };
}

export function describeOnlyStrips(patientKey: string, patchSizePx: number): Fault {
  const reason = `'${patientKey}' has only patches smaller than ${patchSizePx} x ${patchSizePx} pixels, and none of full size.`;
  return { code: 'ONLY_STRIPS', reason };
}
