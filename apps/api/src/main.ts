/** The API as a process: reads the environment, opens everything, serves, and closes in the reverse order. */
import { AppError } from '@microtome/domain/app-error';
import { inviteFirstOwner } from '@microtome/store/access/accounts';
import { PRIVATE_REACH } from '@microtome/store/announcement/private-reach';
import { createListener } from '@microtome/store/database/listen';
import { startDuties } from '@microtome/store/duties/duties';
import { openStore } from '@microtome/store/store';
import { openUploads } from '@microtome/store/upload/uploads';
import { type Logger, pino } from 'pino';
import type { AuthSettings } from './access/auth-settings.ts';
import { listApiDuties } from './background/api-duties.ts';
import { openImportRoots } from './dataset/import-roots.ts';
import { startDeliverer } from './delivery/deliverer.ts';
import { type ApiEnv, readEnv } from './env.ts';
import { createLogStream } from './log-stream.ts';
import { startApiServer } from './server.ts';
import { type ApiServices, createServices } from './services.ts';

const CLOSE_TIMEOUT_MS = 15_000;

const base = { process: 'api' };
const env = takeEnv();
let isStopping = false;
const log = pino({ level: env.logLevel, base }, createLogStream());
const close = await start(env).catch((error: unknown) => endWithSentence(log, error));
// `disconnect`: the process that started this one is gone, for whatever reason.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.once(event, () => stop(event));
}

function takeEnv(): ApiEnv {
  try {
    return readEnv();
  } catch (error) {
    return endWithSentence(pino({ base }), error);
  }
}

/** What a user can mend is said without the place in the code where it was found. */
function endWithSentence(log: Logger, error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  log.fatal(error.message);
  // Who started it need not try again: what is wrong is what it was told.
  if (error.code === 'BAD_INPUT') process.send?.({ refused: error.message });
  process.exit(1);
}

async function start(env: ApiEnv): Promise<() => Promise<void>> {
  const { databaseUrl, artifactUrl } = env;
  const onError = (error: Error) => log.error({ err: error }, 'queue error');
  const store = await openStore({ databaseUrl, artifactUrl, onError });
  const { outgoing } = env;
  const shares = outgoing.mayReachPrivateNetworks ? [PRIVATE_REACH] : [];
  const listener = createListener(databaseUrl, { shares });
  const uploads = await openUploads(env.uploads);
  const importRoots = await openImportRoots(env.importRoots, uploads.folder);
  const services = createServices({ store, listener, importRoots, uploads, outgoing, log });
  const server = await startApiServer({ ...env, services });
  if (env.auth) await tellFirstOwner(services, env.auth);
  const duties = startDuties(listApiDuties(services), log);
  const deliverer = startDeliverer(services);
  log.info({ url: `${server.url}/graphql`, importRoots: importRoots.paths }, 'serving');
  return async () => {
    // Before the duties, one of which may be waiting for an audit.
    await services.audits.close();
    await services.importPreviews.close();
    await Promise.all([duties.close(), deliverer.close()]);
    await server.close();
    await services.background.close();
    await listener.close();
    await store.close();
  };
}

/** To who started the API, or on its console: what is logged is kept, and this opens the door. */
async function tellFirstOwner({ store }: ApiServices, { webUrl }: AuthSettings): Promise<void> {
  const link = await inviteFirstOwner(store);
  if (link === null) return;
  const said = `No owner has signed in yet. This link works once, within three days:\n  ${webUrl}/sign-in?link=${link}`;
  if (process.send) process.send({ said });
  else process.stderr.write(`\n${said}\n\n`);
}

async function stop(event: NodeJS.Signals | 'disconnect'): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ event }, 'closing');
  // A client that never ends its request must not keep the process alive forever.
  setTimeout(() => process.exit(1), CLOSE_TIMEOUT_MS).unref();
  await close();
  log.info('closed');
  process.exit(0);
}
