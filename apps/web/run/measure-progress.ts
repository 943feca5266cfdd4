/** Turns epochs and batches into one share of the whole training, and a line of words. Pure. */
import { formatTimeLeft } from '../format/format-time.ts';

export type ProgressFacts = {
  phase: string;
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  secondsLeft?: number | null;
};

type Progress = { share: number | null; line: string };

/**
 * Share in [0, 1], null before anything is known. A finished epoch counts whole, so the bar never falls back when
 * the next epoch's first batch arrives before its number does.
 */
export function measureProgress(facts: {
  epochs: number | null;
  epochsDone: number;
  live?: ProgressFacts | null;
}): Progress {
  const { epochsDone, live } = facts;
  const epochs = facts.epochs ?? live?.epochs;
  if (epochs === undefined) return { share: null, line: epochsDone > 0 ? `epoch ${epochsDone}` : 'running' };
  if (!live) {
    const share = epochsDone === 0 ? null : epochsDone / Math.max(1, epochs);
    return { share, line: `epoch ${epochsDone} of ${epochs}` };
  }
  const withinEpoch = live.batches > 0 ? Math.min(1, live.batch / live.batches) : 0;
  const begun =
    Math.max(0, live.epoch - 1) +
    (live.phase === 'training' ? withinEpoch : Number(live.epoch > epochsDone && live.phase !== 'preparing'));
  const share = Math.min(1, Math.max(epochsDone, begun) / Math.max(1, epochs));
  const where =
    live.phase === 'training' || live.phase === 'validating'
      ? `epoch ${live.epoch} of ${epochs}`
      : live.phase;
  return { share, line: `${where} · ${formatTimeLeft(live.secondsLeft)}` };
}
