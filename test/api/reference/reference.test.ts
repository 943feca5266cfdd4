/** The reference tells of what is served: every route has a description, each description a route, and the pages are current. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseRunQuery } from '@microtome/domain/run-query/parse-query';
import { FIGURE_NAMES, RUN_COLUMNS } from '@microtome/domain/run-query/run-field';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTE_GROUPS } from '../../../apps/api/src/reference/http-routes.ts';
import {
  FILTER_EXAMPLES,
  writeFilterLinePage,
} from '../../../apps/api/src/reference/write-filter-line-page.ts';
import { AUTH } from '../access/access-bench.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    hasGraphiql: true,
    auth: { ...AUTH, oidc: { issuer: 'http://127.0.0.1', clientId: 'x', clientSecret: 'x', name: 'x' } },
  });
});
afterAll(() => api.close());

const described = ROUTE_GROUPS.flatMap(({ routes }) => routes);

describe('docs/http.md', () => {
  it('describes every route that is served, and none that is not', () => {
    const paths = described.map(({ method, path }) => `${method} ${path}`);
    const served = listServed(
      api.routes,
      described.map(({ path }) => path),
    );
    expect(served.length).toBeGreaterThan(20);
    expect(served.filter((route) => !paths.includes(route))).toEqual([]);
    expect(paths.filter((route) => !served.includes(route) && route !== 'POST /graphql')).toEqual([]);
  });

  it('says of each what it is for', () => {
    const mute = described.filter(({ about, gives }) => about.length < 10 || gives === '');
    expect(mute).toEqual([]);
  });
});

describe('docs/filter-line.md', () => {
  it.each(FILTER_EXAMPLES.map(([line]) => [line]))('has the line: %s', (line) => {
    expect(parseRunQuery(line)).not.toBeNull();
  });

  it('names each column and each figure', () => {
    const page = writeFilterLinePage();
    for (const name of [...Object.keys(RUN_COLUMNS), ...FIGURE_NAMES]) expect(page).toContain(`\`${name}\``);
  });
});

describe('the pages that are made of the sources', () => {
  it('are current: node apps/api/src/print-schema.ts renews them', () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const check = () =>
      execFileSync(process.execPath, ['apps/api/src/print-schema.ts', '--check'], {
        cwd: root,
        stdio: 'pipe',
      });
    expect(check).not.toThrow();
  }, 120_000);
});

/** What Express keeps of what was added to it. */
type Layer = {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
  /** What of a path it takes. */
  match(path: string): false | { path: string };
};

/** `METHOD path` of every route, those of mounted routers too. Where a router is mounted is known by the paths described. */
function listServed(stack: readonly unknown[], paths: readonly string[], mountedAt = ''): string[] {
  return (stack as Layer[]).flatMap((layer) => {
    const { route, handle } = layer;
    if (route) {
      const methods = Object.keys(route.methods).filter((method) => route.methods[method]);
      return methods.map((method) => `${method.toUpperCase()} ${mountedAt}${route.path}`);
    }
    if (!handle.stack) return [];
    const taken = paths
      .filter((path) => path.startsWith(mountedAt))
      .map((path) => layer.match(path.slice(mountedAt.length)))
      .find((match) => match !== false);
    return listServed(handle.stack, paths, mountedAt + (taken ? taken.path : '/?'));
  });
}
