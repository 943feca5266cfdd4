/** Every epoch of every run is recorded once: as an event, and in the one series that has a number for each epoch. */
import type { Break, Invariant } from './invariant.ts';

type Row = { runId: string; series: string; epochsDone: number; epochs: number[] };

export const everyEpochOnce: Invariant = {
  name: 'every epoch is recorded once',
  holds: 'always',
  async check({ bench }) {
    const { rows } = await bench.store.database.pool.query<Row>(
      `select run.id::text as "runId", s.series, run.epochs_done as "epochsDone",
         coalesce(array_agg(s.epoch order by s.epoch) filter (where s.epoch is not null), '{}') as epochs
       from run
       left join lateral (
         select 'events' as series, (payload ->> 'epoch')::int as epoch from run_event
           where run_id = run.id and kind = 'EPOCH'
         union all
         select name, epoch from metric where run_id = run.id and owner = 'WORKER' and name = 'train.loss'
       ) s on true
       group by run.id, s.series`,
    );
    return rows.flatMap(findBreaks);
  },
};

function findBreaks({ runId, series, epochsDone, epochs }: Row): Break[] {
  const distinct = new Set(epochs);
  const wanted = Array.from({ length: epochsDone }, (_, index) => index + 1);
  const lost = wanted.filter((epoch) => !distinct.has(epoch));
  const doubled = epochs.length - distinct.size;
  const beyond = [...distinct].filter((epoch) => epoch < 1 || epoch > epochsDone);
  if (lost.length + doubled + beyond.length === 0) return [];
  return [
    {
      sentence:
        `${series ?? 'events'} of run ${runId} with ${epochsDone} epochs: lost ${list(lost)}, doubled ${doubled}, ` +
        `beyond its end ${list(beyond)}.`,
      epochsLost: series === 'events' ? lost.length : 0,
      epochsDoubled: series === 'events' ? doubled : 0,
    },
  ];
}

function list(epochs: readonly number[]): string {
  return epochs.length > 0 ? epochs.join(', ') : 'none';
}
