/** Which columns the run table has, in which order, how wide, and how many stay in sight: in the address, and changed. Pure. */
import type { RunSearch } from '../../../address/page-addresses.ts';

export type ColumnLayout = {
  /** As the line names them; `seeds` is the one that is no field. */
  columns: readonly string[];
  /** From the first on. */
  pinned: number;
  /** In pixels, of those that were changed. */
  widths: ReadonlyMap<string, number>;
};

/** As wide together as the table is on a screen of 1440 px. */
export const FIRST_COLUMNS: readonly string[] = [
  'name',
  'status',
  'validation.auc',
  'validation.balancedAccuracy',
  'test.auc',
  'architecture',
  'split',
  'duration',
  'createdAt',
];
const FIRST_PINNED = 1;
const WIDTH_MIN_PX = 48;
const WIDTH_MAX_PX = 900;

type LayoutSearch = Pick<RunSearch, 'columns' | 'pinned' | 'widths'>;

export function readLayout({ columns, pinned, widths }: LayoutSearch): ColumnLayout {
  const named = [...new Set(columns ?? [])].filter((name) => name !== '');
  const shown = named.length > 0 ? named : FIRST_COLUMNS;
  return {
    columns: shown,
    pinned: Math.max(0, Math.min(pinned ?? FIRST_PINNED, shown.length)),
    widths: new Map((widths ?? []).flatMap(readWidth)),
  };
}

/** What is as usual is left out. */
export function writeLayout({ columns, pinned, widths }: ColumnLayout): LayoutSearch {
  const isUsual =
    columns.length === FIRST_COLUMNS.length && columns.every((name, at) => name === FIRST_COLUMNS[at]);
  const kept = [...widths].filter(([name]) => columns.includes(name));
  return {
    columns: isUsual ? null : [...columns],
    pinned: pinned === FIRST_PINNED ? null : pinned,
    widths: kept.length === 0 ? null : kept.map(([name, px]) => `${name}:${px}`),
  };
}

/** Put where `to` says, which counts places without it; a column that is not there yet is added. */
export function placeColumn(layout: ColumnLayout, name: string, to = layout.columns.length): ColumnLayout {
  const others = layout.columns.filter((one) => one !== name);
  return { ...layout, columns: [...others.slice(0, to), name, ...others.slice(to)] };
}

/** The last column stays: a table has one. */
export function removeColumn(layout: ColumnLayout, name: string): ColumnLayout {
  const at = layout.columns.indexOf(name);
  if (at < 0 || layout.columns.length === 1) return layout;
  return {
    ...layout,
    columns: layout.columns.filter((one) => one !== name),
    pinned: at < layout.pinned ? layout.pinned - 1 : layout.pinned,
  };
}

export function resizeColumn(layout: ColumnLayout, name: string, px: number): ColumnLayout {
  const fitting = Math.round(Math.max(WIDTH_MIN_PX, Math.min(px, WIDTH_MAX_PX)));
  return { ...layout, widths: new Map(layout.widths).set(name, fitting) };
}

/** The columns up to this one stay in sight; said of the last of them, none does. */
export function pinThrough(layout: ColumnLayout, name: string): ColumnLayout {
  const count = layout.columns.indexOf(name) + 1;
  return { ...layout, pinned: count === layout.pinned ? 0 : count };
}

function readWidth(text: string): [string, number][] {
  const [, name, px] = /^(.+):(\d{1,4})$/s.exec(text) ?? [];
  const width = Number(px);
  return name && width >= WIDTH_MIN_PX && width <= WIDTH_MAX_PX ? [[name, width]] : [];
}
