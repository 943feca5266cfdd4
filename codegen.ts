/**
 * Typed documents: in each of the folders below, every `.graphql` file becomes a typed document in `generated/`, which
 * is not committed. The committed SDL of the API is the only thing that its clients know of it. The client preset is
 * driven directly: the generator's command line brings loaders for every place where a schema may be, 130 packages.
 * Each document has a module of its own, so that a page of the dashboard loads its own documents and no others.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, parse } from 'graphql';

type Documents = Parameters<typeof codegen>[0]['documents'];

const root = fileURLToPath(new URL('.', import.meta.url));
/** folder with documents → folder of what is generated */
const CLIENTS = {
  'apps/web': 'apps/web/graphql/generated/',
  'apps/cli/src': 'apps/cli/generated/',
  docs: 'docs/generated/',
};
const DOCUMENTS = 'documents';
/** A line of the generated module: its name, its content, its types. */
const DOCUMENT = /^export const (\w+Document) = (.*) as unknown as DocumentNode<(.*)>;$/;
const CONFIG = {
  useTypeImports: true,
  // The words of an enumeration as a value too, so that a page need not list them again.
  enumType: 'const' as const,
  importExtension: '.ts' as const,
  emitLegacyCommonJSImports: false,
  scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown', BigInt: 'number | string' },
};

const schema = parse(await readFile(join(root, 'apps/api/schema.graphql'), 'utf8'));
for (const [folder, generated] of Object.entries(CLIENTS)) {
  const documents = await readDocuments(folder);
  // An image is built with the documents of one client alone.
  if (documents.length > 0) await generate(generated, documents);
}

async function readDocuments(folder: string): Promise<Documents> {
  const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  const paths = names
    .filter((name) => name.endsWith('.graphql') && !/^(node_modules|\.next)\//.test(name))
    .map((name) => join(folder, name))
    .sort();
  return Promise.all(
    paths.map(async (location) => {
      const rawSDL = await readFile(join(root, location), 'utf8');
      return { location, rawSDL, document: parse(rawSDL) };
    }),
  );
}

async function generate(baseOutputDir: string, documents: Documents): Promise<void> {
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir,
    schema,
    schemaAst: buildASTSchema(schema),
    documents,
    config: CONFIG,
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  });
  await rm(join(root, baseOutputDir), { recursive: true, force: true });
  for (const output of outputs) {
    const path = join(root, output.filename);
    const text = await codegen({ ...output, cache: (_namespace, _key, make) => make() });
    await mkdir(join(dirname(path), DOCUMENTS), { recursive: true });
    await writeFile(path, await moveDocuments(text, dirname(path)));
  }
}

/** Each document into its module; gives back what is left, which exports all of them. */
async function moveDocuments(text: string, folder: string): Promise<string> {
  const lines = await Promise.all(
    text.split('\n').map(async (line) => {
      const [, name, document, types] = DOCUMENT.exec(line) ?? [];
      if (name === undefined || document === undefined || types === undefined) return line;
      await writeFile(
        join(folder, DOCUMENTS, `${name}.ts`),
        `/* eslint-disable */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { ${types} } from '../graphql.ts';
export const ${name} = ${document} as unknown as TypedDocumentNode<${types}>;
`,
      );
      return `export { ${name} } from './${DOCUMENTS}/${name}.ts';`;
    }),
  );
  return lines.join('\n');
}
