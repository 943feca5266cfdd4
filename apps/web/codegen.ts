/**
 * Typed documents: every `.graphql` file, in the folder of a page or of a noun, becomes a typed document in
 * graphql/generated, which is not committed. The committed SDL of the API is the only thing that the dashboard knows of it.
 */
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../api/schema.graphql',
  documents: ['app/**/*.graphql', '{evaluation,model,run,split,sweep,tissue}/*.graphql'],
  errorsOnly: true,
  generates: {
    './graphql/generated/': {
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
  },
};

export default config;
