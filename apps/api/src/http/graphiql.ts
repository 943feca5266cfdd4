/** GraphiQL at GET /graphql in development: one self-contained page from the installed package. */
import type { Router } from 'express';
import type { RouteDescription } from './route-description.ts';

const DEFAULT_QUERY = `# Microtome. Ctrl-Enter runs a query; the docs are at the left.
query Runs {
  runs(first: 10) {
    totalCount
    edges { node { id name status architecture epochsDone latestMetric(name: "validation.auc") } }
  }
}
`;

/** Scripts, styles and workers are inside the page; nothing may be fetched from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const GRAPHIQL_ROUTES: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: '/graphql',
    about: 'GraphiQL, for a browser; not in production. WebSockets connect here too (graphql-ws).',
    gives: 'text/html',
  },
];

export async function addGraphiql(router: Router): Promise<void> {
  // Loaded here, because the package is 9 MB of text that a production server never needs.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Microtome GraphiQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: DEFAULT_QUERY,
  });
  router.get('/graphql', (request, response, next) => {
    if (request.accepts(['application/json', 'text/html']) !== 'text/html') return next();
    response
      .setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
      .setHeader('cache-control', 'no-cache')
      .type('html')
      .send(page);
  });
}
