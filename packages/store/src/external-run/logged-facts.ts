/** What an external program tells of its run besides numbers: hyperparameters, and lines for its log. */

import {
  addHyperparameters,
  checkHyperparameters,
} from '@microtome/domain/external-run/told-hyperparameters';
import { LOG_LINE_LENGTH_MAX } from '@microtome/domain/run/run-event';
import { getToldHyperparameters } from '@microtome/domain/run/run-hyperparameters';
import { checkStorable } from '@microtome/domain/text-rules';
import type { Run } from '../../generated/prisma/client.ts';
import { insertRunEvent } from '../run/run-events.ts';
import type { Store } from '../store.ts';
import { changeExternalRun } from './external-runs.ts';

/**
 * Adds hyperparameters; those that are known with the same value stay.
 * @throws AppError CONFLICT that names the first one whose value would change: nothing is written then
 */
export async function logHyperparameters(
  store: Store,
  { runId, hyperparameters }: { runId: string; hyperparameters: unknown },
): Promise<Run> {
  const told = checkHyperparameters(hyperparameters);
  return changeExternalRun(store, runId, async (tx, run) => {
    const known = getToldHyperparameters(run);
    const all = addHyperparameters(known, told, run.name);
    if (Object.keys(all).length === Object.keys(known).length) return run;
    return tx.run.update({ where: { id: runId }, data: { hyperparameters: all } });
  });
}

/** Adds text to the run's log: one event as long as it fits into one. */
export async function logText(store: Store, { runId, text }: { runId: string; text: string }): Promise<void> {
  checkStorable(text, 'The text of a log');
  const lines = splitText(text.replace(/\r\n?/g, '\n').replace(/\n$/, ''));
  await changeExternalRun(store, runId, async (tx) => {
    for (const line of lines) {
      await insertRunEvent(tx, { runId, attempt: 0, kind: 'LOG', payload: { line } });
    }
  });
}

/** Pieces that each fit into an event, cut between lines where there are some. */
function splitText(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > LOG_LINE_LENGTH_MAX) {
    const lineEnd = rest.lastIndexOf('\n', LOG_LINE_LENGTH_MAX);
    // Never between the halves of a character.
    const isPair = /[\uD800-\uDBFF]/.test(rest[LOG_LINE_LENGTH_MAX - 1] ?? '');
    const end = lineEnd > 0 ? lineEnd : LOG_LINE_LENGTH_MAX - (isPair ? 1 : 0);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(lineEnd > 0 ? end + 1 : end);
  }
  return rest === '' ? pieces : [...pieces, rest];
}
