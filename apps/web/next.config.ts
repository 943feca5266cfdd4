/** Next's settings: a standalone server for containers, telemetry off, the workspace's root for tracing. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import { disableTelemetry } from './env.ts';

disableTelemetry();

const workspaceRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: workspaceRoot,
  turbopack: { root: workspaceRoot },
  devIndicators: false,
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;
