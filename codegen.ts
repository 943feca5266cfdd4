/**
 * Typed documents: in each of the folders below, every `.graphql` file becomes a typed document in `generated/`, which
 * is not committed. The committed SDL of the API is the only thing that its clients know of it. The client preset is
 * driven directly: the generator's command line brings loaders for every place where a schema may be, 130 packages.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
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

async function generate(folder: string, documents: Documents): Promise<void> {
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: folder,
    schema,
    schemaAst: buildASTSchema(schema),
    documents,
    config: CONFIG,
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  });
  for (const output of outputs) {
    const path = join(root, output.filename);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await codegen({ ...output, cache: (_namespace, _key, make) => make() }));
  }
}
