/** The routes that the sources of the API add, read from them, so that one that is new is tested without a word. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROUTES_FOLDER = 'apps/api/src/http';

/** Each path that a source file of the routes gives to a router, with the formats that it stands for. */
export function listRoutes(): string[] {
  const sources = readdirSync(ROUTES_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROUTES_FOLDER, name), 'utf8'));
  const paths = sources.flatMap((text) =>
    [...text.matchAll(/router\.(?:get|post|put|delete|all)\(\s*['`"]([^'`"]+)['`"]/g)].map(
      ([, path]) => path!,
    ),
  );
  const written = paths.flatMap((path) =>
    ['csv', 'parquet'].map((format) => path.replace(/\$\{format\}/, format)),
  );
  return [...new Set([...written, '/', '/graphql'])].sort();
}
