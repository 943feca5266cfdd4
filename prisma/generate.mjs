/**
 * Writes what schema.prisma generates (packages/store/generated): the client, its columns typed, and the types of the GraphQL
 * schema builder.
 * It drives Prisma's generators without its command line, which brings a studio, a development database and other
 * databases' drivers, 150 MB in all, and wants to download an engine before it does anything.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripTypes } from './strip-types.mjs';
import { typeColumns } from './type-columns.mjs';

// As CommonJS: the ES modules of these packages import files without their extension, which Node refuses.
const require = createRequire(import.meta.url);
const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
const { getGenerators, loadSchemaContext } = require('@prisma/internals');

const schemaContext = await loadSchemaContext({
  schemaPath: {
    baseDir: fileURLToPath(new URL('..', import.meta.url)),
    configurationPath: 'prisma/schema.prisma',
  },
  printLoadMessage: false,
});
const generators = await getGenerators({
  schemaContext,
  skipDownload: true,
  cliCommand: 'npm run generate',
  registry: {
    'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() },
    'prisma-pothos-types': {
      type: 'rpc',
      generatorPath: fileURLToPath(new URL('../node_modules/.bin/prisma-pothos-types', import.meta.url)),
      isNode: true,
    },
  },
});
for (const generator of generators) {
  await generator.generate();
  generator.stop();
}
const { dmmf, generator } = generators[0].options;
const clientDir = generator.output.value;
typeColumns({ models: dmmf.datamodel.models, clientDir });
stripTypes({ clientDir, builderFile: generators[1].options.generator.output.value });
