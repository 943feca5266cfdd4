/** A run that was hit has the metrics and the weights of one that was not, to the last bit. */
import { isDeepStrictEqual } from 'node:util';
import { readRecord } from '../../fixtures/training-record.ts';
import type { Invariant } from './invariant.ts';

export const numbersAreTheSame: Invariant = {
  name: 'metrics and weights equal those of an untouched run',
  holds: 'settled',
  async check({ bench, runId, untouched }) {
    const { status } = await bench.store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    if (status !== 'SUCCEEDED') return [{ sentence: `Run ${runId} ended as ${status}.` }];
    const record = await readRecord(bench.store, runId);
    const different = record.metrics.filter(
      (row, index) => !isDeepStrictEqual(row, untouched.metrics[index]),
    );
    return [
      ...(record.metrics.length === untouched.metrics.length
        ? []
        : [
            {
              sentence: `Run ${runId} has ${record.metrics.length} metrics in place of ${untouched.metrics.length}.`,
            },
          ]),
      ...(different.length === 0
        ? []
        : [
            {
              sentence: `Run ${runId} has ${different.length} other metrics than an untouched run, the first ${different[0]}.`,
            },
          ]),
      ...(record.weights === untouched.weights
        ? []
        : [{ sentence: `Run ${runId} has other weights than an untouched run.` }]),
    ];
  },
};
