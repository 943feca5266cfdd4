/** Where each column of the run table stands: how wide it is, and at which distance from the edge it stays in sight. Pure. */
import type { ColumnLayout } from '../columns/column-layout.ts';
import type { RunColumn } from '../columns/run-column.ts';

export const SELECT_WIDTH_PX = 40;
/** On a narrow screen the name, the status and one figure fit next to one another. */
const NARROW_WIDTHS_PX: Readonly<Record<string, number>> = { name: 106, status: 132 };

export type PlacedColumn = {
  column: RunColumn;
  widthPx: number;
  /** Undefined of one that moves with the others. */
  stickyStyle?: { position: 'sticky'; left: number };
};

type Placing = {
  layout: ColumnLayout;
  isNarrow: boolean;
  /** Of the one that is being dragged. */
  dragged: { name: string; px: number } | null;
};

export function placeColumns(
  columns: readonly RunColumn[],
  { layout, isNarrow, dragged }: Placing,
): PlacedColumn[] {
  const pinned = isNarrow ? Math.min(layout.pinned, 1) : layout.pinned;
  let left = SELECT_WIDTH_PX;
  return columns.map((column, at) => {
    const narrow = isNarrow ? NARROW_WIDTHS_PX[column.name] : undefined;
    const given = dragged?.name === column.name ? dragged.px : layout.widths.get(column.name);
    const widthPx = given ?? narrow ?? column.widthPx;
    const placed: PlacedColumn = {
      column,
      widthPx,
      ...(at < pinned ? { stickyStyle: { position: 'sticky' as const, left } } : {}),
    };
    left += widthPx;
    return placed;
  });
}

export function sumWidths(columns: readonly PlacedColumn[]): number {
  return columns.reduce((sum, { widthPx }) => sum + widthPx, SELECT_WIDTH_PX);
}
