/** One row of a manifest as the facts of a patch. A cell that cannot be what its column says is named with its value. */
import { escapeUnprintable, findUnprintable } from '../../printable-text.ts';
import { SLIDE_SIDE_PX_MAX } from '../../slide/slide-extent.ts';
import { parseGivenSubset } from '../given-subset.ts';
import type { SourcePatch } from '../source-patch.ts';
import type { ColumnMap, ManifestKey } from './manifest-columns.ts';
import { readCellText } from './missing-cell.ts';

const KEY_LENGTH_MAX = 200;
/** Coarser than the thumbnail of any slide. */
export const MICRONS_MAX = 1_000;

type ManifestRow = { path: string; facts: Omit<SourcePatch, 'path'> };
type RowReading = { ok: true; row: ManifestRow } | { ok: false; fault: string };

/** The fault completes "line 7: …". */
export function readManifestRow(cells: readonly (string | null)[], map: ColumnMap): RowReading {
  const textOf = (key: ManifestKey) => {
    const position = map[key];
    return position === undefined ? null : readCellText(cells[position]);
  };
  const path = textOf('path');
  if (path === null) return fail('names no file');
  for (const key of ['patient', 'slide', 'site', 'group', 'label'] as const) {
    const text = textOf(key);
    if (text !== null && text.length > KEY_LENGTH_MAX) {
      return fail(`the ${key} has ${text.length} characters, at most ${KEY_LENGTH_MAX} can be kept`);
    }
    const unprintable = text === null ? null : findUnprintable(text);
    if (unprintable !== null) {
      const shown = shorten(escapeUnprintable(text ?? ''));
      return fail(`the ${key} is '${shown}', and ${unprintable} in it cannot be seen`);
    }
  }
  const place = readPlace(textOf('x'), textOf('y'));
  if (typeof place === 'string') return fail(place);
  const mppText = textOf('mpp');
  const micronsPerPixel = mppText === null ? null : Number(mppText);
  if (micronsPerPixel !== null && !(micronsPerPixel > 0 && micronsPerPixel <= MICRONS_MAX)) {
    return fail(`the µm per pixel are '${shorten(mppText ?? '')}', which is no number above 0`);
  }
  const subsetText = textOf('subset');
  const subset = subsetText === null ? null : parseGivenSubset(subsetText);
  if (subsetText !== null && subset === null) {
    return fail(`the subset is '${shorten(subsetText)}', which is neither train, validation nor test`);
  }
  const [patient, slide, site, group] = [textOf('patient'), textOf('slide'), textOf('site'), textOf('group')];
  const facts = {
    patient,
    slide,
    site,
    group,
    className: textOf('label'),
    ...place,
    micronsPerPixel,
    subset,
  };
  return { ok: true, row: { path, facts } };
}

function readPlace(x: string | null, y: string | null): { x: number | null; y: number | null } | string {
  if (x === null && y === null) return { x: null, y: null };
  if (x === null || y === null) return `the place is x '${x ?? ''}', y '${y ?? ''}': one of them is missing`;
  const place = { x: Number(x), y: Number(y) };
  for (const [key, value, text] of [
    ['x', place.x, x],
    ['y', place.y, y],
  ] as const) {
    // Tables that went through a program of numbers say 51.0.
    if (Number.isInteger(value) && value >= 0 && value < SLIDE_SIDE_PX_MAX) continue;
    const limit = SLIDE_SIDE_PX_MAX.toLocaleString('en');
    return `the ${key} is '${shorten(text)}', which is no whole number of pixels from 0 to ${limit}`;
  }
  return place;
}

function fail(fault: string): RowReading {
  return { ok: false, fault };
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
