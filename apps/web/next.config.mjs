/**
 * Next's settings: offline, and the workspace's root for tracing.
 * A module rather than TypeScript because Next compiles a .ts file in a way that cannot import env.ts.
 */
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepNextOffline } from './env.ts';

keepNextOffline();

const webDir = dirname(fileURLToPath(import.meta.url));
const workspaceRoot = join(webDir, '..', '..');
const rxjsDir = dirname(dirname(createRequire(import.meta.url).resolve('rxjs')));

/** @type {import('next').NextConfig} */
const config = {
  outputFileTracingRoot: workspaceRoot,
  turbopack: {
    root: workspaceRoot,
    // As its modules stand for browsers of this decade: what bundlers take by themselves is written for those of 2009, half as large again.
    resolveAlias: { rxjs: `./${relative(webDir, rxjsDir)}/esm/index.js` },
  },
  // `npm run check` looks at the types; whoever starts the platform waits for nothing that was looked at before.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;
