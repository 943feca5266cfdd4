/** The edge of every command: turns errors into one clear sentence and an exit status, and signals into a promise. */
import { AppError } from '@microtome/domain/app-error';

const PARENT_CHECK_INTERVAL_MS = 500;

/** Runs a command; an AppError prints its sentence, any other error its stack; both end with status 1. */
export async function runMain(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof AppError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
  // Open handles (sockets of a peer that never answers, say) must not hold the command back.
  process.exit();
}

/**
 * Resolves with the cause when this process is to stop: at the first SIGINT, SIGTERM or SIGHUP (its terminal was closed), or when the
 * npm that runs it is gone. A second Ctrl-C ends the process at once.
 */
export function waitForStopSignal({ runsUnderNpm }: { runsUnderNpm: boolean }): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals) => {
      // A closed terminal sends SIGHUP, and npm passes one of its own on: only a person is impatient.
      if (asked && signal !== 'SIGHUP') process.exit(130);
      asked = true;
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    // A closed terminal takes no more output: what is printed from now on goes nowhere, and is no reason to fail.
    for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
    if (runsUnderNpm) whenParentIsGone(() => resolve('the end of npm'));
  });
}

/** A killed parent sends no signal; its child is handed to another process, which shows in its parent's number. */
function whenParentIsGone(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_INTERVAL_MS);
  timer.unref();
}
