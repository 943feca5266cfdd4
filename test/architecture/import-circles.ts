/**
 * Circles among imports, found level by level: at each level of the tree, the entries of a folder (its files, and its
 * folders each taken as one) must import one another in one direction. That forbids circles of files and of folders alike.
 */
import { posix } from 'node:path';
import type { Import } from './source-tree.ts';

/** Each circle as a sentence: the folder it is in, its entries, and the imports that close it. */
export function findImportCircles(imports: readonly Import[]): string[] {
  return [...groupByFolder(imports)].flatMap(([folder, links]) =>
    findCircles(links).map((circle) => describeCircle(folder, circle, links)),
  );
}

/** From an entry of a folder to another one, and the imports behind it. */
type Links = Map<string, Map<string, Import[]>>;

/** Each import counts in the deepest folder that holds both its ends. */
function groupByFolder(imports: readonly Import[]): Map<string, Links> {
  const folders = new Map<string, Links>();
  for (const found of imports) {
    const from = found.from.split('/');
    const to = found.to.split('/');
    const depth = from.findIndex((part, at) => part !== to[at]);
    const folder = from.slice(0, depth).join('/');
    const links = getOrAdd(folders, folder, () => new Map());
    const targets = getOrAdd(links, from[depth]!, () => new Map<string, Import[]>());
    getOrAdd(targets, to[depth]!, (): Import[] => []).push(found);
  }
  return folders;
}

/** Sets of entries that reach one another: the strongly connected components by Tarjan's algorithm. */
function findCircles(links: Links): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const enter = (entry: string): void => {
    order.set(entry, order.size);
    lowest.set(entry, order.get(entry)!);
    open.push(entry);
    for (const next of links.get(entry)?.keys() ?? []) {
      if (!order.has(next)) enter(next);
      if (open.includes(next)) lowest.set(entry, Math.min(lowest.get(entry)!, lowest.get(next)!));
    }
    if (lowest.get(entry) !== order.get(entry)) return;
    const circle = open.splice(open.indexOf(entry));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const entry of links.keys()) if (!order.has(entry)) enter(entry);
  return circles;
}

function describeCircle(folder: string, circle: readonly string[], links: Links): string {
  const imports = circle.flatMap((from) =>
    circle.flatMap((to) => (links.get(from)?.get(to) ?? []).map((found) => describeImport(found, folder))),
  );
  return `${folder}: ${circle.join(', ')} import each other in a circle:\n  ${imports.join('\n  ')}`;
}

function describeImport({ from, to }: Import, folder: string): string {
  return `${posix.relative(folder, from)} → ${posix.relative(folder, to)}`;
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
