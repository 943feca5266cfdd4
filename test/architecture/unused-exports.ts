/** What a file exports and no other file takes: it should be private to its file. */
import type { Statement } from '@babel/types';
import { files, listImports, parseSource } from './source-tree.ts';

/** Each as `file: name`. Only what is exported by name counts; tests and scripts that take it count as others. */
export function findUnusedExports(sources: readonly string[]): string[] {
  const taken = new Map<string, Set<string>>();
  const takenWhole = new Set<string>();
  for (const { to, names } of files.flatMap(listImports)) {
    // A dynamic import, or `import * as`, may take anything.
    if (names.length === 0) takenWhole.add(to);
    const known = taken.get(to) ?? new Set();
    for (const name of names) known.add(name);
    taken.set(to, known);
  }
  return sources
    .filter((file) => !takenWhole.has(file))
    .flatMap((file) =>
      parseSource(file)
        .program.body.flatMap(namesOfExport)
        .filter((name) => !taken.get(file)?.has(name))
        .map((name) => `${file}: ${name}`),
    );
}

function namesOfExport(statement: Statement): string[] {
  if (statement.type !== 'ExportNamedDeclaration') return [];
  const { declaration, specifiers } = statement;
  if (!declaration) {
    return specifiers.flatMap(({ exported }) => (exported.type === 'Identifier' ? [exported.name] : []));
  }
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : [];
}
