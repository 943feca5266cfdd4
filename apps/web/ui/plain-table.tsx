'use client';
/** A small table of rows that are all drawn (long lists use the virtual run table). Scrolls sideways when narrow, in place of words below one another. */
import { type ComponentProps, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';

export type PlainColumn<Row> = {
  header: string;
  cell: (row: Row) => ReactNode;
  align?: 'right';
  className?: string;
};

type PlainTableProps<Row> = {
  columns: PlainColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  caption: string;
  rowProps?: (row: Row) => ComponentProps<'tr'>;
  /** Of the box that scrolls: how high it is at most. */
  boxClassName?: string;
};

export function PlainTable<Row>(props: PlainTableProps<Row>) {
  const { columns, rows, rowKey, caption, rowProps, boxClassName } = props;
  const frame = useRef<HTMLDivElement>(null);
  const scrolls = useScrolls(frame);
  return (
    // Scrolled by keys too, where there is something to scroll.
    <div
      ref={frame}
      className={classNames('relative overflow-auto', boxClassName)}
      {...(scrolls ? { role: 'region', 'aria-label': caption, tabIndex: 0 } : {})}
    >
      <table className="w-full border-collapse text-sm max-sm:w-max max-sm:min-w-full">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-xs text-muted-foreground">
            {columns.map((column) => (
              <th
                key={column.header}
                scope="col"
                className={classNames(
                  'px-4 py-2 text-left font-medium whitespace-nowrap max-sm:px-2.5 max-sm:first:pl-4 max-sm:last:pr-4',
                  align(column),
                  column.className,
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className="border-b border-line last:border-0 hover:bg-surface-muted/60"
              {...rowProps?.(row)}
            >
              {columns.map((column) => (
                <td
                  key={column.header}
                  className={classNames(
                    'px-4 py-2 align-middle max-sm:px-2.5 max-sm:first:pl-4 max-sm:last:pr-4',
                    // What may not wrap would lie over the next column.
                    mayWrap(column) && 'max-sm:max-w-40 max-sm:wrap-anywhere',
                    align(column),
                    column.className,
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function align<Row>(column: PlainColumn<Row>): string {
  return column.align === 'right' ? 'text-right whitespace-nowrap' : '';
}

function mayWrap<Row>({ align, className }: PlainColumn<Row>): boolean {
  return align !== 'right' && !className?.includes('whitespace-nowrap');
}

/** Heights of lines are fractions; those of boxes are rounded. */
const ROUNDING_PX = 1;

/** Whether it is wider or higher than its room. */
function useScrolls(frame: RefObject<HTMLElement | null>): boolean {
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      setScrolls(scrollWidth - clientWidth > ROUNDING_PX || scrollHeight - clientHeight > ROUNDING_PX);
    };
    const watching = new ResizeObserver(measure);
    watching.observe(element);
    for (const child of element.children) watching.observe(child);
    return () => watching.disconnect();
  }, [frame]);
  return scrolls;
}
