/** What a person at a terminal sees of a carried job: a line an epoch, and between them how far the present one is. */
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { TrainerMessage, TrainerProgress } from '../protocol/trainer-messages.ts';

const MINUTE_SECONDS = 60;

export function printProgress({ epochs, monitor }: Hyperparameters): { show(message: TrainerMessage): void } {
  const isTerminal = process.stdout.isTTY;
  const clear = isTerminal ? '\r\u001b[K' : '';
  let latest: TrainerProgress | null = null;
  return {
    show(message) {
      if (message.kind === 'log') console.log(`${clear}${message.line}`);
      else if (message.kind === 'progress') {
        latest = message.progress;
        if (isTerminal) process.stdout.write(`${clear}${describeProgress(message.progress)}`);
      } else if (message.kind === 'waiting' && message.reason) console.log(`${clear}${message.reason}`);
      else if (message.kind === 'epoch') {
        const { epoch, metrics, best } = message.report;
        const value = metrics[`validation.${monitor}`];
        const facts = [
          `epoch ${epoch} of ${epochs}`,
          value === undefined
            ? null
            : `validation.${monitor} ${value.toFixed(4)}${best ? ' (best so far)' : ''}`,
          latest?.secondsLeft == null || epoch === epochs
            ? null
            : `about ${describeTime(latest.secondsLeft)} left`,
        ];
        console.log(`${clear}${facts.filter((fact) => fact !== null).join(' · ')}`);
      }
    },
  };
}

function describeProgress({
  phase,
  epoch,
  epochs,
  batch,
  batches,
  patchesPerSecond,
}: TrainerProgress): string {
  const rate = patchesPerSecond === null ? '' : ` · ${Math.round(patchesPerSecond)} patches/s`;
  return `${phase}: epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}${rate}`;
}

function describeTime(seconds: number): string {
  if (seconds < MINUTE_SECONDS) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / MINUTE_SECONDS)} min`;
}
