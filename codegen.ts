/**
 * Typed documents: in each of the folders below, every `.graphql` file becomes a typed document in `generated/`, which
 * is not committed. The committed SDL of the API is the only thing that its clients know of it.
 */
import type { CodegenConfig } from '@graphql-codegen/cli';

/** folder with documents → folder of what is generated */
const CLIENTS = {
  'apps/web/!(node_modules)': 'apps/web/graphql/generated/',
  'apps/cli/src': 'apps/cli/generated/',
  docs: 'docs/generated/',
};

const config: CodegenConfig = {
  schema: 'apps/api/schema.graphql',
  errorsOnly: true,
  importExtension: '.ts',
  // An image is built with the documents of one client alone.
  ignoreNoDocuments: true,
  generates: Object.fromEntries(
    Object.entries(CLIENTS).map(([documents, generated]) => [
      generated,
      {
        documents: `${documents}/**/*.graphql`,
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          useTypeImports: true,
          enumsAsTypes: true,
          scalars: {
            ID: 'string',
            DateTime: 'string',
            JSON: 'unknown',
            BigInt: 'number | string',
          },
        },
      },
    ]),
  ),
};

export default config;
