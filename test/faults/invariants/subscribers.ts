/** Every subscriber got every event of the run once, in order and as it is stored, however often its connection was lost. */
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
    return subscribers.flatMap(({ heard, refusals }, index) => {
      const wrong = events.findIndex(
        ({ seq, kind, payload }, place) =>
          heard[place]?.seq !== seq || heard[place]?.digest !== digestEvent(kind, payload),
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
