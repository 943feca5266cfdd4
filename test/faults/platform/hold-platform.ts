/**
 * The starter of a platform under fire, as a process: it starts Postgres as `npm start` does and holds it, and everything
 * else reaches it by way of a proxy. Arguments: Postgres' port, the proxy's port, the folder to import from, and `web`
 * to serve the dashboard too.
 */
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { readEnv } from '../../../apps/cli/src/env.ts';
import { startPlatform } from '../../../apps/cli/src/platform/platform.ts';
import { runMain, waitForStopSignal } from '../../../apps/cli/src/run-main.ts';

const [port, proxyPort, importRoot = '', ...parts] = process.argv.slice(2);

await runMain(async () => {
  const env = readEnv();
  const stopped = waitForStopSignal(env);
  const onStep = (message: string) => console.log(`· ${message}`);
  const postgres = await startEmbeddedPostgres({
    homeDir: env.homeDir,
    port: Number(port),
    onChange: onStep,
  });
  try {
    const proxied = new URL(postgres.databaseUrl);
    proxied.port = proxyPort ?? '';
    const platform = await startPlatform({
      env: { ...env, databaseUrl: proxied.href },
      anyPort: false,
      importRoots: [importRoot],
      onStep,
    });
    try {
      if (parts.includes('web')) await platform.startWeb();
      console.log(`held ${postgres.databaseUrl}`);
      await stopped;
    } finally {
      await platform.stop();
    }
  } finally {
    await postgres.stop();
  }
});
