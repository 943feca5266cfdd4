/**
 * Looks up what has a key of its source's (patients, slides), which is unique within a dataset at most: in the projects of who
 * asks, on the dataset that they name. Where several remain, the asker says which is meant.
 */
import { AppError } from '@microtome/domain/app-error';
import { type Access, inProjects } from '../access/access.ts';
import { builder } from './builder.ts';
import { parseRecordId } from './record-id.ts';
import { typed } from './typed-text.ts';

/** What tells one from another of the same key. */
export const DATASET_HELP = 'the name or id of its dataset';

export const KEYED_ARGUMENTS = builder.args((t) => ({
  dataset: t.string({ extensions: typed('search'), description: 'Name of its dataset.' }),
  datasetId: t.id({ description: 'Id of its dataset, where several have that name.' }),
}));

type Place = { dataset?: string | null; datasetId?: string | null };

export function whereOnDataset({ dataset, datasetId }: Place, access: Access) {
  return {
    dataset: {
      ...inProjects(access),
      ...(dataset ? { name: dataset } : {}),
      ...(datasetId ? { id: parseRecordId(datasetId, 'dataset') } : {}),
    },
  };
}

/** The only one, null for none. BAD_INPUT, with what helps, where there are several. */
export function chooseKeyed<Row>(asked: string, help: string, [row, other]: readonly Row[]): Row | null {
  if (!other) return row ?? null;
  throw new AppError('BAD_INPUT', `There is more than one ${asked}: give ${help}.`);
}
