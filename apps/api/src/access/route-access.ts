/**
 * What every HTTP route needs: one line a route, and a path without a line is refused. A parameter of the path or a value of the
 * query names what it is done to. `/graphql` is open here, because each of its fields has a line of its own.
 */
import { anyone, everywhere, may, type Need } from './need.ts';

type RouteAccess = { method: string; path: string; need: Need };

const READ: Readonly<Record<string, Need>> = {
  '/': anyone,
  '/healthz': anyone,
  '/readyz': anyone,
  '/graphql': anyone,
  '/auth/oidc': anyone,
  '/auth/oidc/callback': anyone,
  '/metrics': everywhere('READ'),
  '/audit.csv': may('MANAGE'),
  '/audit.ndjson': may('MANAGE'),
  '/artifacts/:hash': may('READ', { artifact: 'hash' }),
  '/comparison.pdf': may('READ', { run: ['runs', 'reference'] }),
  '/comparison.html': may('READ', { run: ['runs', 'reference'] }),
  '/datasets/:id/pixels': may('READ', { dataset: 'id' }),
  '/datasets/:datasetId/patches/:file': may('READ', { dataset: 'datasetId' }),
  '/external-evaluations/:id/patients.:format': may('READ', { externalEvaluation: 'id' }),
  '/external-evaluations/:id/predictions.:format': may('READ', { externalEvaluation: 'id' }),
  '/external-evaluations/:id/context.:format': may('READ', { externalEvaluation: 'id' }),
  '/external-evaluations/:id/sites.:format': may('READ', { externalEvaluation: 'id' }),
  '/external-evaluations/:id/slides/:slideId/heatmap.png': may('READ', {
    externalEvaluation: 'id',
    slide: 'slideId',
  }),
  '/models/:modelId/versions/:number/card.md': may('READ', { model: 'modelId' }),
  '/models/:modelId/versions/:number/card.pdf': may('READ', { model: 'modelId' }),
  '/models/:modelId/versions/:number/card.html': may('READ', { model: 'modelId' }),
  '/runs.:format': may('READ'),
  '/runs/:runId/files/*path': may('READ', { run: 'runId' }),
  '/runs/:runId/model/:file': may('READ', { run: 'runId' }),
  '/runs/:runId/patients.:format': may('READ', { run: 'runId' }),
  '/runs/:runId/predictions.:format': may('READ', { run: 'runId' }),
  '/runs/:runId/context.:format': may('READ', { run: 'runId' }),
  '/runs/:runId/sites.:format': may('READ', { run: 'runId' }),
  '/runs/:runId/slides/:slideId/heatmap.png': may('READ', { run: 'runId', slide: 'slideId' }),
  '/slide-analyses/:id/heatmap.png': may('READ', { slideAnalysis: 'id' }),
  '/slide-analyses/:id/hot-spots.geojson': may('READ', { slideAnalysis: 'id' }),
  '/slide-analyses/:id/hot-spots.:format': may('READ', { slideAnalysis: 'id' }),
  '/slide-analyses/:id/patches/:file': may('READ', { slideAnalysis: 'id' }),
  '/slide-analyses/:id/squares.:format': may('READ', { slideAnalysis: 'id' }),
  '/slide-analyses/:id/tiles/:level/:file': may('READ', { slideAnalysis: 'id' }),
  '/slides/:slideId/tiles/:level/:file': may('READ', { slide: 'slideId' }),
  '/slides/:slideId/tissue.png': may('READ', { slide: 'slideId' }),
  '/splits/:id.:format': may('READ', { split: 'id' }),
  '/splits/:id/certificate.json': may('READ', { split: 'id' }),
  '/splits/:id/certificate.pdf': may('READ', { split: 'id' }),
  '/splits/:id/certificate.html': may('READ', { split: 'id' }),
  '/splits/:id/list.csv': may('READ', { split: 'id' }),
  // Each is its sender's alone.
  '/uploads/:id': may('RECORD'),
  '/sweeps/:sweepId/out-of-fold.:format': may('READ', { sweep: 'sweepId' }),
};

const CHANGE: Readonly<Record<string, Need>> = {
  '/graphql': anyone,
  '/auth/link': anyone,
  '/auth/password': anyone,
  '/auth/sign-out': anyone,
  '/runs/:runId/metrics': may('RECORD', { run: 'runId' }),
  '/uploads': may('RECORD'),
};

const UPLOAD: Readonly<Record<string, Need>> = {
  '/uploads/:id': may('RECORD'),
  '/runs/:runId/predictions': may('RECORD', { run: 'runId' }),
  '/runs/:runId/files/*path': may('RECORD', { run: 'runId' }),
};

const DELETION: Readonly<Record<string, Need>> = {
  '/uploads/:id': may('RECORD'),
  '/runs/:runId/files/*path': may('RECORD', { run: 'runId' }),
};

/** Each call holds to the projects of who asks, and asks for more where it writes (`mlflow/judge-call.ts`). */
const MLFLOW: readonly RouteAccess[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
  method,
  path: '/mlflow/*path',
  need: may('READ'),
}));

const ROUTE_ACCESS: readonly RouteAccess[] = [
  ...Object.entries(READ).map(([path, need]) => ({ method: 'GET', path, need })),
  ...Object.entries(CHANGE).map(([path, need]) => ({ method: 'POST', path, need })),
  ...Object.entries(UPLOAD).map(([path, need]) => ({ method: 'PUT', path, need })),
  ...Object.entries(DELETION).map(([path, need]) => ({ method: 'DELETE', path, need })),
  ...MLFLOW,
];

const compiled = ROUTE_ACCESS.map((route) => ({ ...route, shape: compile(route.path) }));

/** What the table says of a request, with what its path names; null where it says nothing. */
export function findRouteAccess(
  method: string,
  path: string,
): { path: string; need: Need; params: Record<string, string> } | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const { method: known, path: pattern, need, shape } of compiled) {
    const match = known === asked && shape.exec(path);
    if (match) return { path: pattern, need, params: decode(match.groups ?? {}) };
  }
  return null;
}

/** Stricter than the router about case and slashes: what it lets pass is what is written here. */
function compile(path: string): RegExp {
  const source = path
    .split(/(:\w+|\*\w+)/)
    .map((part) =>
      /^[:*]/.test(part)
        ? `(?<${part.slice(1)}>${part.startsWith('*') ? '.+' : '[^/]+'})`
        : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
}

function decode(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return groups;
  }
}
