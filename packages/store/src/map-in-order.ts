/** Works on several items at a time and gives the results in the order of the items. */

/**
 * Calls `work` on each item with at most `inFlightMax` calls unfinished, yielding results in input order.
 * When the consumer stops or a call fails, no further call starts and those under way are waited for.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  { inFlightMax, work }: { inFlightMax: number; work: (item: Item) => Promise<Result> },
): AsyncGenerator<Result> {
  const underway: Promise<Result>[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      // A failure surfaces when its turn comes; until then it must not count as unhandled.
      result.catch(() => {});
      underway.push(result);
      if (underway.length >= inFlightMax) yield await (underway.shift() as Promise<Result>);
    }
    while (underway.length > 0) yield await (underway.shift() as Promise<Result>);
  } finally {
    await Promise.allSettled(underway);
  }
}
