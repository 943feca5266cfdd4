/** Looks a record up by its id, or by its name and that of its dataset: the one rule for nouns whose names may come twice. */
import { AppError } from '@microtome/domain/app-error';
import { builder } from './builder.ts';
import { isRecordId } from './record-id.ts';
import { typed } from './typed-text.ts';

/** How such a record is named. */
export const NAMED_ARGUMENTS = builder.args((t) => ({
  id: t.id({ description: 'Its id.' }),
  name: t.string({ extensions: typed('search'), description: 'Its name; used when `id` is left out.' }),
  dataset: t.string({ extensions: typed('search'), description: 'Name of its dataset, beside its own.' }),
}));

type Asked = { id?: string | null; name?: string | null; dataset?: string | null };
type ByName = { name: string; dataset?: { name: string } };
type Finders<Row> = {
  byId(id: string): PromiseLike<Row | null>;
  /** In the projects of who asks alone. Two are enough to know that the name is not unique. */
  byName(where: ByName): PromiseLike<Row[]>;
};

/** Null when there is none. BAD_INPUT when several have the name. */
export async function findNamed<Row>(
  noun: string,
  { id, name, dataset }: Asked,
  { byId, byName }: Finders<Row>,
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
