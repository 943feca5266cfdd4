/** The API in a process of its own, as it runs in production. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type ApiProcess = { url: string; stop(): Promise<void> };

export async function startApi(request: { databaseUrl: string; artifactUrl: string }): Promise<ApiProcess> {
  const script = fileURLToPath(new URL('../../apps/api/src/main.ts', import.meta.url));
  const env = { DATABASE_URL: request.databaseUrl, ARTIFACT_URL: request.artifactUrl };
  const child: ChildProcess = spawn(process.execPath, [script], {
    env: { ...env, API_PORT: '0', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (!url) continue;
    child.stdout!.resume();
    return {
      url,
      async stop() {
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  }
  throw new Error('The API ended before it served.');
}
