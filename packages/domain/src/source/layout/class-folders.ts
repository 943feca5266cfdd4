/** Pictures sorted into folders by class, below folders by subset or not. Nothing tells which patient a picture is of. */
import { splitPath } from '../file-path.ts';
import { parseGivenSubset } from '../given-subset.ts';
import { type Layout, type LayoutReading, refusePlace, tell } from './layout.ts';

export const CLASS_FOLDERS: Layout = {
  name: 'class-folders',
  keysOf: 'class-folders',
  title: 'A folder a class',
  pattern: 'SUBSET/CLASS/FILE, or CLASS/FILE',
  readPath: readClassFolders,
  classes: null,
  task: null,
  table: null,
  mayCountFromOne: false,
  remarks: ['Neither names nor folders tell patients or slides: give them by a manifest if they are known.'],
};

function readClassFolders(path: string): LayoutReading {
  const folders = splitPath(path).slice(0, -1);
  const className = folders.at(-1)?.trim();
  if (!className) return refusePlace('It lies in no folder, and the folder is the class.');
  if (parseGivenSubset(className)) {
    return refusePlace(`It lies in the folder ${className.slice(0, 40)}, which is a subset and no class.`);
  }
  const subset = folders.map(parseGivenSubset).findLast((side) => side !== null) ?? null;
  return tell({ className, subset });
}
