/**
 * The source files of this repository and what they import from each other, read from their syntax. The tests of the
 * architecture ask their questions here.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import type { File, ImportDeclaration, Node } from '@babel/types';

export type Import = {
  /** Paths from the root of the repository. */
  from: string;
  to: string;
  /** What is taken, by its name at the source; empty for a whole module. */
  names: string[];
};

/** Package names that lead back into this repository. */
const PACKAGE_SOURCES: Record<string, string> = {
  '@microtome/domain/': 'packages/domain/src/',
  '@microtome/slides/': 'packages/slides/src/',
  '@microtome/store/': 'packages/store/src/',
  '@microtome/train/': 'workers/train/src/',
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const parsed = new Map<string, File>();

/** Every TypeScript and JavaScript file that git knows or would add. */
export const files: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  // A file that was deleted but not yet committed is still listed.
  .filter((file) => /\.(ts|tsx|mjs|mts)$/.test(file) && existsSync(root + file));

const known = new Set(files);

export function readSource(file: string): string {
  return readFileSync(root + file, 'utf8');
}

export function parseSource(file: string): File {
  let syntax = parsed.get(file);
  if (!syntax) {
    syntax = parse(readSource(file), {
      sourceType: 'module',
      plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'],
    });
    parsed.set(file, syntax);
  }
  return syntax;
}

/** The modules that a file names in its imports, types and dynamic imports included, as they are written. */
export function listModuleNames(file: string): string[] {
  const { program } = parseSource(file);
  const named = program.body.flatMap((statement) =>
    'source' in statement && statement.source ? [statement.source.value] : [],
  );
  return [...named, ...listLoadedNames(file)];
}

/** Those of dynamic imports alone. */
function listLoadedNames(file: string): string[] {
  const loaded: string[] = [];
  if (/\bimport\(/.test(readSource(file))) {
    visit(parseSource(file).program, (node) => {
      const argument = node.type === 'CallExpression' && node.callee.type === 'Import' && node.arguments[0];
      if (argument && argument.type === 'StringLiteral') loaded.push(argument.value);
    });
  }
  return loaded;
}

/** The imports of a file that lead to another file of this repository, types included. */
export function listImports(file: string): Import[] {
  const named = new Map<string, string[]>();
  for (const statement of parseSource(file).program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const { value: module } = statement.source;
    // A module may be named twice: for its values, and for its types.
    named.set(module, [...(named.get(module) ?? []), ...namesOf(statement)]);
  }
  // A dynamic import may take anything, also of a module whose types are named.
  const loaded = listLoadedNames(file).map((module) => ({ module, names: [] }));
  const listed = listModuleNames(file).map((module) => ({ module, names: named.get(module) ?? [] }));
  return [...listed, ...loaded].flatMap(({ module, names }) => {
    const to = findFile(file, module);
    return to && to !== file ? [{ from: file, to, names }] : [];
  });
}

function namesOf({ specifiers }: ImportDeclaration): string[] {
  return specifiers.flatMap((specifier) =>
    specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier'
      ? [specifier.imported.name]
      : [],
  );
}

function findFile(from: string, module: string): string | null {
  if (module.startsWith('.')) {
    const path = posix.join(posix.dirname(from), module);
    return known.has(path) ? path : null;
  }
  for (const [prefix, folder] of Object.entries(PACKAGE_SOURCES)) {
    const path = `${folder}${module.slice(prefix.length)}.ts`;
    if (module.startsWith(prefix) && known.has(path)) return path;
  }
  return null;
}

/** Calls `enter` with every node below `node`, and its parent. */
export function visit(
  node: Node,
  enter: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  enter(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof child.type === 'string' && 'loc' in child)
        visit(child as Node, enter, node);
    }
  }
}
