/**
 * Next's settings: offline, and the workspace's root for tracing.
 * A module rather than TypeScript because Next compiles a .ts file in a way that cannot import env.ts.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepNextOffline } from './env.ts';

keepNextOffline();

const workspaceRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @type {import('next').NextConfig} */
const config = {
  outputFileTracingRoot: workspaceRoot,
  turbopack: { root: workspaceRoot },
  devIndicators: false,
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;
