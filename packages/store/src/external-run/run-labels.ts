/** Tags with values: a word under a key, which may be replaced. Tags without values are on the run itself. */
import { AppError } from '@microtome/domain/app-error';
import { checkStorable } from '@microtome/domain/text-rules';
import { Prisma, type RunLabel } from '../../generated/prisma/client.ts';
import { selectRows } from '../database/select-rows.ts';
import type { Store } from '../store.ts';
import { refuseRun } from './external-runs.ts';

const KEY_LENGTH_MAX = 250;
const VALUE_LENGTH_MAX = 8_000;

/** All or none. NOT_FOUND without such a run. */
export async function setLabels(
  store: Store,
  { runId, labels }: { runId: string; labels: Readonly<Record<string, string>> },
): Promise<void> {
  const checked = Object.entries(labels).map(checkLabel);
  const { prisma } = store.database;
  if ((await prisma.run.count({ where: { id: runId } })) === 0) throw refuseRun(runId, null);
  if (checked.length === 0) return;
  await prisma.$executeRaw`
    insert into run_label (run_id, key, value)
    select ${runId}::uuid, key, value
    from unnest(${checked.map(([key]) => key)}::text[], ${checked.map(([, value]) => value)}::text[]) as told (key, value)
    on conflict (run_id, key) do update set value = excluded.value`;
}

/** NOT_FOUND when the run has none of this key. */
export async function deleteLabel(
  store: Store,
  { runId, key }: { runId: string; key: string },
): Promise<void> {
  const { count } = await store.database.prisma.runLabel.deleteMany({ where: { runId, key } });
  if (count === 0) throw new AppError('NOT_FOUND', `Run ${runId} has no tag '${key}'.`);
}

/** Of all of these runs, by run and key. */
export async function listLabels(store: Store, runIds: readonly string[]): Promise<RunLabel[]> {
  return selectRows<RunLabel>(
    store,
    Prisma.sql`select run_id::text as "runId", key, value from run_label
      where run_id = any(${[...runIds]}::uuid[]) order by run_id, key`,
  );
}

function checkLabel([key, value]: [string, string]): [string, string] {
  checkStorable(key, 'The key of a tag');
  checkStorable(value, `The tag '${key}'`);
  if (key === '' || key.length > KEY_LENGTH_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The key of a tag has ${key.length} characters: it takes 1 to ${KEY_LENGTH_MAX}.`,
    );
  }
  if (value.length <= VALUE_LENGTH_MAX) return [key, value];
  throw new AppError(
    'BAD_INPUT',
    `The tag '${key}' has ${value.length} characters: at most ${VALUE_LENGTH_MAX} fit.`,
  );
}
