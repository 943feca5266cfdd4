/** Looks a record up by its id, or by its name and that of its dataset: the one rule for nouns whose names may come twice. */
import { AppError } from '@microtome/domain/app-error';
import { isRecordId } from './record-id.ts';

type Asked = { id?: string | null; name?: string | null; dataset?: string | null };
type ByName = { name: string; dataset?: { name: string } };
type Finders<Row> = {
  byId(id: string): PromiseLike<Row | null>;
  /** Two are enough to know that the name is not unique. */
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
