/** Every run went from status to status along the arrows of its diagram, and its attempts and progress fit where it is. */
import { canMoveRun, type RunStatus } from '@microtome/domain/run/run-status';
import type { Invariant } from './invariant.ts';

type Row = {
  runId: string;
  status: RunStatus;
  attempt: number;
  told: RunStatus[];
  open: number;
  attempts: number;
  hasProgress: boolean;
  isFinished: boolean;
};

export const statusesAreLegal: Invariant = {
  name: 'statuses follow the diagram',
  holds: 'always',
  async check({ bench }) {
    const { rows } = await bench.store.database.pool.query<Row>(
      `select id::text as "runId", status, attempt, finished_at is not null as "isFinished",
         array(select payload ->> 'status' from run_event
           where run_id = run.id and kind = 'STATUS' and not payload ? 'cancelRequested' order by seq) as told,
         (select count(*)::int from run_attempt where run_id = run.id and finished_at is null) as open,
         (select count(*)::int from run_attempt where run_id = run.id) as attempts,
         exists (select from run_progress where run_id = run.id) as "hasProgress"
       from run`,
    );
    return rows.flatMap((row) =>
      findFaults(row).map((fault) => ({ sentence: `Run ${row.runId}: ${fault}.` })),
    );
  },
};

function findFaults({ status, attempt, told, open, attempts, hasProgress, isFinished }: Row): string[] {
  const path = told.map((to, index) => [told[index - 1], to] as const);
  const isRunning = status === 'RUNNING';
  return [
    ...path.flatMap(([from, to]) =>
      from === undefined
        ? to === 'QUEUED'
          ? []
          : [`it began as ${to}`]
        : canMoveRun(from, to)
          ? []
          : [`it went from ${from} to ${to}`],
    ),
    ...(told.at(-1) === status ? [] : [`it is ${status}, and its last event says ${told.at(-1)}`]),
    ...(open === (isRunning ? 1 : 0) ? [] : [`it is ${status} with ${open} unfinished attempts`]),
    ...(attempts === attempt ? [] : [`it is at attempt ${attempt} and has ${attempts}`]),
    ...(hasProgress && !isRunning ? [`it is ${status} and shows progress`] : []),
    ...(isFinished === ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(status)
      ? []
      : [`it is ${status} and its end is ${isFinished ? 'set' : 'not set'}`]),
  ];
}
