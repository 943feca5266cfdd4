/** A column of numbers of which it is not known how many come: it grows by halves, so that ten million rows fit into memory. */

type Numbers = Float64Array | Int32Array | Uint8Array;

export type GrowingColumn<Column extends Numbers> = {
  add(value: number): void;
  /** What was added so far; not to be kept while more is added. */
  view(): Column;
};

const FIRST_LENGTH = 1_024;

export function growColumn<Column extends Numbers>(make: (length: number) => Column): GrowingColumn<Column> {
  let column = make(FIRST_LENGTH);
  let length = 0;
  return {
    add(value) {
      if (length === column.length) {
        const longer = make(Math.ceil(length * 1.5));
        longer.set(column);
        column = longer;
      }
      column[length] = value;
      length += 1;
    },
    view: () => column.subarray(0, length) as Column,
  };
}
