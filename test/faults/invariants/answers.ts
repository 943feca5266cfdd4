/** The API is ready and says of the run what the database says. */
import type { Invariant } from './invariant.ts';

type Answer = {
  run: { status: string; epochsDone: number; attempt: number } | null;
};

export const apiTellsTheTruth: Invariant = {
  name: 'the API is ready and tells what the database holds',
  holds: 'settled',
  async check({ bench, runId }) {
    if (!(await bench.api.isReady())) return [{ sentence: 'The API is not ready.' }];
    const { run } = await bench.api.ask<Answer>(
      'query ($id: ID!) { run(id: $id) { status epochsDone attempt } }',
      {
        id: runId,
      },
    );
    const row = await bench.store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    const { status, epochsDone, attempt } = row;
    if (run?.status === status && run.epochsDone === epochsDone && run.attempt === attempt) return [];
    return [
      {
        sentence: `The API says ${JSON.stringify(run)} of run ${runId}, which is ${status} at attempt ${attempt}.`,
      },
    ];
  },
};
