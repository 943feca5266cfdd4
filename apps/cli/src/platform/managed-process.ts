/**
 * One long-lived child process of the platform: started, watched, restarted when it dies by itself, and stopped.
 * The child gets an IPC channel and ends when the channel closes, so that nothing outlives a killed platform.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type BoundedLog, openBoundedLog } from '@microtome/store/log/bounded-log';

/** A child that is asked to stop is killed when it has not ended after this time. */
const STOP_GRACE_MS = 20_000;
/** Waits before the 1st, 2nd, … restart in a row. */
const RESTART_DELAYS_MS = [200, 1_000, 3_000, 10_000];
/** The restarts of a child that lived this long are no longer in a row. */
const HEALTHY_AFTER_MS = 60_000;

export type ManagedProcess = {
  readonly name: string;
  pid(): number | undefined;
  stop(): Promise<void>;
};

type ProcessOptions = {
  name: string;
  script: string;
  args?: string[];
  env: NodeJS.ProcessEnv;
  /** What the child prints goes here. */
  logFile: string;
  /** Told the number of each process that is started. */
  onLaunch(pid: number): void;
  onRestart(message: string): void;
  /** What the child wants to be read at once and kept in no log, such as a link that signs in. */
  onSaid?(sentence: string): void;
  /** The child says why it will not start, however often it is tried: it is not started again. */
  onRefused?(sentence: string): void;
};

/** Starts a child that runs `script` with Node and keeps it running until `stop`. */
export function startManagedProcess(options: ProcessOptions): ManagedProcess {
  const log = openBoundedLog(options.logFile);
  let stopping = false;
  const onRefused = (sentence: string) => {
    stopping = true;
    options.onRefused?.(sentence);
  };
  let child = launch({ ...options, onRefused }, log);
  const kept = keepRunning();

  async function keepRunning(): Promise<void> {
    for (let restarts = 0; ; restarts++) {
      const startedAt = Date.now();
      const [code, signal] = await once(child, 'exit');
      if (stopping) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) restarts = 0;
      const waitMs = RESTART_DELAYS_MS[Math.min(restarts, RESTART_DELAYS_MS.length - 1)]!;
      options.onRestart(
        `${options.name} ended (${signal ?? `status ${code}`}); starting it again in ${waitMs} ms. Its log: ${options.logFile}`,
      );
      await delay(waitMs);
      if (stopping) return;
      child = launch({ ...options, onRefused }, log);
    }
  }

  return {
    name: options.name,
    pid: () => child.pid,
    async stop() {
      stopping = true;
      await endChild(child);
      await kept;
      await log.close();
    },
  };
}

function launch(options: ProcessOptions, log: BoundedLog): ChildProcess {
  const child = fork(options.script, options.args ?? [], {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C reaches only the platform, which then stops its children in order.
    detached: true,
  });
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => log.write(chunk));
  child.on('message', (message) => {
    if (typeof message !== 'object' || message === null) return;
    if ('said' in message) options.onSaid?.(String(message.said));
    if ('refused' in message) options.onRefused?.(String(message.refused));
  });
  if (child.pid) options.onLaunch(child.pid);
  return child;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}
