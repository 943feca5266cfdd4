/** Every subscriber got every event of the run once, in order, as it is stored and with its metrics, however often its connection was lost. */
import { digestEvent } from '../platform/subscriber.ts';
import type { Invariant } from './invariant.ts';

export const subscribersAreComplete: Invariant = {
  name: 'every subscriber has every event once',
  holds: 'settled',
  async check({ bench, runId, subscribers }) {
    const events = await bench.store.database.prisma.runEvent.findMany({
      where: { runId },
      orderBy: { seq: 'asc' },
    });
    const metrics = Map.groupBy(
      await bench.store.database.prisma.metric.findMany({ where: { runId, owner: 'WORKER' } }),
      ({ epoch }) => epoch,
    );
    const metricsOf = (payload: object) =>
      ('epoch' in payload ? metrics.get(Number(payload.epoch)) : undefined) ?? [];
    return subscribers.flatMap(({ heard, refusals }, index) => {
      const wrong = events.findIndex(
        ({ seq, kind, payload }, place) =>
          heard[place]?.seq !== seq ||
          heard[place]?.digest !== digestEvent(kind, payload, metricsOf(payload)),
      );
      return [
        ...(wrong < 0 && heard.length === events.length
          ? []
          : [
              {
                sentence: `Subscriber ${index + 1} of run ${runId} got ${heard.length} of ${events.length} events: ${heard.map(({ seq }) => seq).join(' ')}.`,
              },
            ]),
        ...refusals.map((sentence) => ({ sentence: `Subscriber ${index + 1} was told: ${sentence}` })),
      ];
    });
  },
};
