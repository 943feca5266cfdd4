/** What of a dataset a list is placed on: units, slides and files by their names, and of each patch which they are. */

export type ListedDataset = {
  name: string;
  /** Keys of the units of splitting, by number. */
  units: readonly string[];
  /** Keys of the slides with the number of their unit, by number. */
  slides: readonly { key: string; unit: number }[];
  /** Patches of full size, which come first; the rest are strips at the edges of slides. */
  fullSize: number;
  /** Of each patch. */
  unitOf: Int32Array;
  slideOf: Int32Array;
  /** Files of the patches; null where the import did not keep their names. */
  paths: readonly (string | null)[];
};

/** How many, and the first few of them by name. */
export type Named = { count: number; examples: string[] };

const EXAMPLES_MAX = 10;

export function nameSome(names: Iterable<string>): Named {
  const examples: string[] = [];
  let count = 0;
  for (const name of names) {
    if (count < EXAMPLES_MAX) examples.push(name);
    count += 1;
  }
  return { count, examples };
}
