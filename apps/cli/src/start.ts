/** `npm start`: the platform until Ctrl-C. */
import { Command } from 'commander';
import { readEnv } from './env.ts';
import { startPlatform } from './platform/platform.ts';
import { runMain, waitForStopSignal } from './run-main.ts';

await runMain(async () => {
  new Command('start')
    .description(
      'Starts the platform: database, API, worker and dashboard, until Ctrl-C. README names its settings.',
    )
    .parse(process.argv);
  const env = readEnv();
  const stopped = waitForStopSignal(env);
  const platform = await startPlatform({
    env,
    anyPort: false,
    importRoots: [],
    onStep: (message) => console.log(`· ${message}`),
  });
  try {
    await platform.startWeb();
    console.log(
      `\nMicrotome is ready.\n  Dashboard  ${platform.webUrl}\n  GraphQL    ${platform.apiUrl}/graphql\nCtrl-C stops it.`,
    );
    await stopped;
    console.log('\n· Stopping');
  } finally {
    await platform.stop();
  }
});
