/** Cancels and retries in floods: of the run in training, and of many that are launched only to be canceled. */
import { RefusedRequest } from '../platform/api.ts';
import { type Fault, type FaultTarget, hold, NEXT_EPOCH, untilNextEpoch } from './fault.ts';

const ROUNDS = 40;
const PAUSE_MS = 60;
const EXTRA_RUNS = 25;
const LOOK_INTERVAL_MS = 100;

export const floodFaults: Fault[] = [
  {
    subject: 'flood',
    act: `${ROUNDS} cancels and ${ROUNDS} retries of the run in training`,
    recoveredBy: `${NEXT_EPOCH} (from the end of the flood)`,
    lastsSeconds: 6,
    async inject(target) {
      const asked: Promise<void>[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        asked.push(move(target, 'cancelRun', target.run.runId), move(target, 'retryRun', target.run.runId));
        await hold(PAUSE_MS);
      }
      await Promise.all(asked);
      await bringBack(target);
      return { sinceMs: performance.now(), recovered: untilNextEpoch(target) };
    },
  },
  {
    subject: 'flood',
    act: `${EXTRA_RUNS} runs launched, canceled, retried and canceled`,
    recoveredBy: `${NEXT_EPOCH} (from the end of the flood)`,
    lastsSeconds: 6,
    async inject(target) {
      const { bench, run } = target;
      const { hyperparameters } = await bench.store.database.prisma.run.findUniqueOrThrow({
        where: { id: run.runId },
      });
      const flood = async () => {
        const { launchRun } = await bench.api.ask<{ launchRun: { id: string } }>(
          'mutation ($input: LaunchRunInput!) { launchRun(input: $input) { id } }',
          {
            input: {
              experimentId: bench.experimentId,
              splitId: bench.splitId,
              hyperparameters,
              priority: -1,
              tags: ['flood'],
            },
          },
        );
        for (const act of ['cancelRun', 'retryRun', 'cancelRun'] as const)
          await move(target, act, launchRun.id);
      };
      await Promise.all(Array.from({ length: EXTRA_RUNS }, flood));
      return { sinceMs: performance.now(), recovered: untilNextEpoch(target) };
    },
  },
];

/** A run that is in no state for it says CONFLICT. */
async function move({ bench }: FaultTarget, act: 'cancelRun' | 'retryRun', id: string): Promise<void> {
  await bench.api.ask(`mutation ($id: ID!) { ${act}(id: $id) { id } }`, { id }).catch((error: unknown) => {
    if (!(error instanceof RefusedRequest) || error.code !== 'CONFLICT') throw error;
  });
}

/** Until no cancel is left that it has not heard of. */
async function bringBack(target: FaultTarget): Promise<void> {
  const { run, signal } = target;
  for (;;) {
    const state = await run.until(
      ({ cancelRequested, status }) => !cancelRequested || status === 'CANCELED',
      signal,
    );
    if (state.status !== 'CANCELED') return;
    await move(target, 'retryRun', run.runId);
    await hold(LOOK_INTERVAL_MS);
  }
}
