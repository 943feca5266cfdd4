/**
 * Writes apps/api/schema.graphql, the contract of the web, and the reference in docs that is made of the sources: graphql.md,
 * filter-line.md, http.md and cookbook.md. With --check it only says which of them is out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { listUnlisted } from './graphql/guard-schema.ts';
import { writeCookbookPage } from './reference/write-cookbook-page.ts';
import { writeFilterLinePage } from './reference/write-filter-line-page.ts';
import { writeGraphqlPage } from './reference/write-graphql-page.ts';
import { writeHttpPage } from './reference/write-http-page.ts';
import { buildSchema } from './schema.ts';

const ROOT = new URL('../../../', import.meta.url);
const place = (path: string) => fileURLToPath(new URL(path, ROOT));

const schema = buildSchema();
const questions = readdirSync(place('docs/cookbook'))
  .filter((name) => name.endsWith('.graphql'))
  .sort()
  .map((name) => ({ name, text: readFileSync(place(`docs/cookbook/${name}`), 'utf8') }));
const pages: Record<string, string> = {
  'apps/api/schema.graphql': `# Printed from apps/api/src/schema.ts by apps/api/src/print-schema.ts. Do not edit.\n\n${printSchema(schema)}`,
  'docs/graphql.md': writeGraphqlPage(schema),
  'docs/filter-line.md': writeFilterLinePage(),
  'docs/http.md': writeHttpPage(),
  'docs/cookbook.md': writeCookbookPage(questions),
};

for (const [path, content] of Object.entries(pages)) {
  const written = `${content}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(place(path), written);
  } else if (!isWritten(path, written)) {
    console.error(`${path} is out of date. Run: node apps/api/src/print-schema.ts`);
    process.exitCode = 1;
  }
}

function isWritten(path: string, content: string): boolean {
  try {
    return readFileSync(place(path), 'utf8') === content;
  } catch {
    return false;
  }
}

for (const name of listUnlisted(schema)) {
  const table = name.includes('.') ? 'field-access.ts' : 'type-access.ts';
  console.error(
    `Who may use ${name}? Nobody who signs in, until it has a line in apps/api/src/access/${table}.`,
  );
  process.exitCode = 1;
}
