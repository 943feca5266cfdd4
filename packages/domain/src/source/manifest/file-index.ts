/**
 * Finds the file of a source that a row means. A row may write the path from anywhere above the source, or from below its
 * outer folders, with another case, other slashes, or without the ending; it never means a file whose folders it
 * contradicts.
 */
import { getStem } from '../file-path.ts';

/** `many`: as many files are meant alike. `outside`: the path leads out of the source. */
type FoundFile =
  | { kind: 'one'; position: number }
  | { kind: 'none' }
  | { kind: 'many'; count: number }
  | { kind: 'outside' };

type FileIndex = { find(rowPath: string): FoundFile };

const NONE: FoundFile = { kind: 'none' };
const OUTSIDE: FoundFile = { kind: 'outside' };

export function createFileIndex(paths: readonly string[]): FileIndex {
  const byName = new Map<string, number | number[]>();
  let byStem: Map<string, number | number[]> | null = null;
  paths.forEach((path, position) => {
    add(byName, getName(fold(path)), position);
  });

  function findAmong(positions: number | number[] | undefined, row: string): FoundFile {
    if (positions === undefined) return NONE;
    const candidates = typeof positions === 'number' ? [positions] : positions;
    const meant = candidates.filter((position) => agree(fold(paths[position] as string), row));
    if (meant.length === 0) return NONE;
    if (meant.length === 1) return { kind: 'one', position: meant[0] as number };
    return chooseAmong(meant, row);
  }

  /** The same path from the root, then by the very case, before all that merely end alike. */
  function chooseAmong(meant: readonly number[], row: string): FoundFile {
    const same = meant.filter((position) => fold(paths[position] as string) === row);
    return same.length === 1
      ? { kind: 'one', position: same[0] as number }
      : { kind: 'many', count: meant.length };
  }

  return {
    find(rowPath) {
      const path = cleanPath(rowPath);
      if (path === null) return OUTSIDE;
      const folded = fold(path);
      const candidates = byName.get(getName(folded));
      const exact = findAmong(candidates, folded);
      if (exact.kind === 'many') {
        const inCase = (Array.isArray(candidates) ? candidates : []).filter((position) => {
          return agree((paths[position] as string).normalize('NFC'), path);
        });
        if (inCase.length === 1) return { kind: 'one', position: inCase[0] as number };
      }
      if (exact.kind !== 'none') return exact;
      byStem ??= indexStems(paths);
      return findAmong(byStem.get(getName(folded)), folded);
    },
  };
}

function indexStems(paths: readonly string[]): Map<string, number | number[]> {
  const byStem = new Map<string, number | number[]>();
  paths.forEach((path, position) => {
    add(byStem, fold(getStem(path)), position);
  });
  return byStem;
}

function add(index: Map<string, number | number[]>, key: string, position: number): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, position);
  else if (typeof known === 'number') index.set(key, [known, position]);
  else known.push(position);
}

/** Whether one path is the end of the other; the row's may lack the ending of the file's name. */
function agree(file: string, row: string): boolean {
  if (endsAlike(file, row)) return true;
  const bare = file.replace(/\.[^./]*$/, '');
  return bare !== file && endsAlike(bare, row);
}

function endsAlike(file: string, row: string): boolean {
  return file === row || file.endsWith(`/${row}`) || row.endsWith(`/${file}`);
}

/** With forward slashes and nothing that leads back; null when it leads out. */
function cleanPath(rowPath: string): string | null {
  const text = rowPath
    .normalize('NFC')
    .trim()
    .replaceAll('\\', '/')
    .replace(/^[a-z]:\//i, '');
  if (text.includes('\0')) return null;
  if (!text.includes('./') && !text.includes('//') && !text.startsWith('/') && !text.endsWith('..'))
    return text;
  const kept: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return null;
  }
  return kept.join('/');
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function getName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
