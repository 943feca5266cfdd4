/**
 * Puts what runs of the large generated files next to them, as JavaScript without types, and lets the files that load them
 * load that. Node strips types whenever it loads a file, and every process that opens the database loads these 1.1 MB.
 * TypeScript reads the files as they were.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

const LARGE = ['class', 'prismaNamespace'];
const DATAMODEL = /^export (function getDatamodel\(\)): PothosPrismaDatamodel (\{.+\})$/m;

/** @throws Error where the generators write something else than they did */
export function stripTypes({ clientDir, builderFile }) {
  const internal = (name) => join(clientDir, 'internal', name);
  for (const name of LARGE) {
    const plain = stripTypeScriptTypes(readFileSync(internal(`${name}.ts`), 'utf8'));
    writeFileSync(internal(`${name}.js`), loadPlain(plain));
  }
  change(join(clientDir, 'client.ts'), loadPlain);
  // The types of the schema builder and one function.
  change(builderFile, (text) =>
    text.replace(DATAMODEL, (_, head, body) => {
      writeFileSync(join(builderFile, '..', 'datamodel.js'), `export ${head} ${body}\n`);
      return 'export { getDatamodel } from "./datamodel.js"';
    }),
  );
  writeFileSync(
    join(builderFile, '..', 'datamodel.d.ts'),
    'import type { PothosPrismaDatamodel } from "@pothos/plugin-prisma";\nexport declare function getDatamodel(): PothosPrismaDatamodel;\n',
  );
}

function loadPlain(text) {
  return text.replace(
    new RegExp(`(from ["']\\./(?:internal/)?(?:${LARGE.join('|')}))\\.ts(?=["'])`, 'g'),
    '$1.js',
  );
}

function change(file, rewrite) {
  const text = readFileSync(file, 'utf8');
  const changed = rewrite(text);
  if (changed === text) throw new Error(`${file} loads its types in another way than before.`);
  writeFileSync(file, changed);
}
