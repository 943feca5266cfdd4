/** Writes apps/api/schema.graphql, the contract of the web; with --check it only says whether the file is current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { buildSchema } from './schema.ts';

const file = fileURLToPath(new URL('../schema.graphql', import.meta.url));
const printed = `# Printed from apps/api/src/schema.ts by apps/api/src/print-schema.ts. Do not edit.\n\n${printSchema(buildSchema())}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  console.error('apps/api/schema.graphql is out of date. Run: node apps/api/src/print-schema.ts');
  process.exitCode = 1;
}
