/** The routes that the sources of the API add, read from them, so that one that is new is tested without a word. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FORMATS } from '../../../apps/api/src/http/send-report.ts';
import { TABLE_FORMATS } from '../../../apps/api/src/report/export-table.ts';

const ROUTES_FOLDER = 'apps/api/src/http';

/** As the sources write them. */
const FORMATS = { '${format}': TABLE_FORMATS, '${reportFormat}': REPORT_FORMATS };

type AddedRoute = { method: string; path: string };

/** Each path that a source file of the routes gives to a router, with the formats that it stands for. */
export function listRoutes(): string[] {
  const written = listAddedRoutes().flatMap(({ path }) => {
    const [placeholder, formats] = Object.entries(FORMATS).find(([name]) => path.includes(name)) ?? [
      '',
      [''],
    ];
    return formats.map((format) => path.replace(placeholder, format));
  });
  return [...new Set([...written, '/', '/graphql'])].sort();
}

/** As the sources write them. */
export function listAddedRoutes(): AddedRoute[] {
  const sources = readdirSync(ROUTES_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROUTES_FOLDER, name), 'utf8'));
  return sources.flatMap((text) =>
    [...text.matchAll(/router\.(get|post|put|delete|all)\(\s*(?:['`"]([^'`"]+)['`"]|([A-Z_]+))/g)].map(
      ([, method = '', path, constant = '']) => ({
        method: method.toUpperCase(),
        path: path ?? readConstant(text, constant),
      }),
    ),
  );
}

function readConstant(text: string, name: string): string {
  const value = new RegExp(`const ${name} = '([^']+)'`).exec(text)?.[1];
  if (value === undefined) throw new Error(`The path '${name}' of a route cannot be read from its source.`);
  return value;
}
