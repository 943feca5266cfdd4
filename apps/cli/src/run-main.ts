/** The edge of every command: turns errors into one clear sentence and an exit status, and signals into a promise. */
import { AppError } from '@microtome/domain/app-error';

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

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function waitForStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals) => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
