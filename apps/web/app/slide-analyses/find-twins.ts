/** Slides of several folders may have one name. Pure. */

/** Names that several files have: they are told apart by their paths. */
export function findTwins(rows: readonly { name: string; path: string }[]): Set<string> {
  const paths = new Map<string, string>();
  const twins = new Set<string>();
  for (const { name, path } of rows) {
    if ((paths.get(name) ?? path) !== path) twins.add(name);
    paths.set(name, path);
  }
  return twins;
}
