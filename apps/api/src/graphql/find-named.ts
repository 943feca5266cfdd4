/**
 * Looks a record up by its id or its name. Names of datasets, models and reports are unique within a project, those of other nouns within
 * their dataset; where several records that the asker sees have one, the asker says which is meant. Of what is made many times
 * under one name (runs, imports), the newest is meant.
 */
import { AppError } from '@microtome/domain/app-error';
import { chooseNamed, whereNamed } from '@microtome/store/access/named-in-project';
import type { Access } from '../access/access.ts';
import { builder } from './builder.ts';
import { isRecordId } from './record-id.ts';
import { typed } from './typed-text.ts';

/** How such a record is named. */
export const NAMED_ARGUMENTS = builder.args((t) => ({
  id: t.id({ description: 'Its id.' }),
  name: t.string({ extensions: typed('search'), description: 'Its name; used when `id` is left out.' }),
  dataset: t.string({ extensions: typed('search'), description: 'Name of its dataset, beside its own.' }),
}));

/** How a dataset, a model or a report is named. */
export const NAMED_IN_PROJECT = builder.args((t) => ({
  id: t.id({ description: 'Its id.' }),
  name: t.string({ extensions: typed('search'), description: 'Its name; used when `id` is left out.' }),
  project: t.string({
    extensions: typed('search'),
    description: 'Name or id of its project, where several projects have one of that name.',
  }),
}));

/** How something is named that is made many times under one name. */
export const NAMED_NEWEST = builder.args((t) => ({
  id: t.id({ description: 'Its id.' }),
  name: t.string({
    extensions: typed('search'),
    description: 'Its name; the newest of this name, when `id` is left out.',
  }),
}));

type Asked = { id?: string | null; name?: string | null };
type ByName = { name: string; dataset?: { name: string } };
type Finders<Row, Where> = {
  byId(id: string): PromiseLike<Row | null>;
  /** In the projects of who asks alone. Two are enough to know that the name is not unique. */
  byName(where: Where): PromiseLike<Row[]>;
};

/** Null when there is none. BAD_INPUT when several have the name. */
export async function findNamed<Row>(
  noun: string,
  { id, name, dataset }: Asked & { dataset?: string | null },
  { byId, byName }: Finders<Row, ByName>,
): Promise<Row | null> {
  if (id) return isRecordId(id) ? byId(id) : null;
  if (!name) return null;
  const [row, other] = await byName({ name, ...(dataset ? { dataset: { name: dataset } } : {}) });
  if (!other) return row ?? null;
  const where = dataset
    ? ` on dataset '${dataset}': give its id`
    : ': give its id, or the name of its dataset';
  throw new AppError('BAD_INPUT', `There is more than one ${noun} '${name}'${where}.`);
}

/** Null when there is none. BAD_INPUT when several projects have the name. */
export async function findInProject<Row>(
  { noun, access }: { noun: 'dataset' | 'model' | 'report'; access: Access },
  { id, name, project }: Asked & { project?: string | null },
  { byId, byName }: Finders<Row, ReturnType<typeof whereNamed>>,
): Promise<Row | null> {
  if (id) return isRecordId(id) ? byId(id) : null;
  if (!name) return null;
  const rows = await byName(whereNamed(name, { projectIds: access.projectIds, project }));
  return chooseNamed(noun, name, rows);
}

/** Null when there is none. */
export async function findNewest<Row>(
  { id, name }: Asked,
  {
    byId,
    byName,
  }: {
    byId(id: string): PromiseLike<Row | null>;
    /** In the projects of who asks alone. */
    byName(name: string): PromiseLike<Row | null>;
  },
): Promise<Row | null> {
  if (id) return isRecordId(id) ? byId(id) : null;
  return name ? byName(name) : null;
}
