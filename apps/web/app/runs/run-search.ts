/**
 * The state of the run table in the page's address, so that a view can be shared and survives a reload: read
 * from and written to URL search parameters. Pure.
 */

export const RUN_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;
export const ORDER_FIELDS = ['CREATED_AT', 'NAME', 'STATUS', 'VALIDATION_AUC', 'DURATION'] as const;

export type RunStatusName = (typeof RUN_STATUSES)[number];
export type OrderField = (typeof ORDER_FIELDS)[number];

export type RunSearch = {
  search: string;
  status: RunStatusName[];
  architecture: string;
  experiment: string;
  split: string;
  sweep: string;
  tag: string;
  archived: boolean;
  /** One line for each setting, its seeds together. */
  seedsGrouped: boolean;
  /** Of the same setting as this run. */
  setting: string;
  order: OrderField;
  direction: 'ASC' | 'DESC';
};

export const EMPTY_SEARCH: RunSearch = {
  search: '',
  status: [],
  architecture: '',
  experiment: '',
  split: '',
  sweep: '',
  tag: '',
  archived: false,
  seedsGrouped: false,
  setting: '',
  order: 'CREATED_AT',
  direction: 'DESC',
};

const TEXT_KEYS = ['search', 'architecture', 'experiment', 'split', 'sweep', 'setting', 'tag'] as const;

/** Unknown values in the address are ignored rather than sent on. */
export function readRunSearch(parameters: URLSearchParams): RunSearch {
  const result = { ...EMPTY_SEARCH };
  for (const key of TEXT_KEYS) result[key] = parameters.get(key) ?? '';
  const status = parameters.get('status')?.split(',') ?? [];
  result.status = RUN_STATUSES.filter((known) => status.includes(known));
  result.archived = parameters.get('archived') === '1';
  result.seedsGrouped = parameters.get('seeds') === 'grouped';
  result.order = ORDER_FIELDS.find((field) => field === parameters.get('order')) ?? EMPTY_SEARCH.order;
  result.direction = parameters.get('direction') === 'ASC' ? 'ASC' : 'DESC';
  return result;
}

/** The address's query, without the question mark; what is as usual is left out. */
export function writeRunSearch(search: RunSearch): string {
  const parameters = new URLSearchParams();
  for (const key of TEXT_KEYS) if (search[key]) parameters.set(key, search[key]);
  if (search.status.length > 0) parameters.set('status', search.status.join(','));
  if (search.archived) parameters.set('archived', '1');
  if (search.seedsGrouped) parameters.set('seeds', 'grouped');
  if (search.order !== EMPTY_SEARCH.order) parameters.set('order', search.order);
  if (search.direction !== EMPTY_SEARCH.direction) parameters.set('direction', search.direction);
  return parameters.toString();
}

/** The variables of the Runs query. */
export function toRunVariables(search: RunSearch) {
  return {
    filter: {
      search: search.search || null,
      status: search.status.length > 0 ? search.status : null,
      architecture: search.architecture ? [search.architecture] : null,
      experimentId: search.experiment || null,
      splitId: search.split || null,
      sweepId: search.sweep || null,
      tag: search.tag || null,
      archived: search.archived,
      settingOf: search.setting || null,
      groupSeeds: search.seedsGrouped,
    },
    orderBy: { field: search.order, direction: search.direction },
  };
}

export function isFiltered(search: RunSearch): boolean {
  return writeRunSearch({ ...search, seedsGrouped: false, order: 'CREATED_AT', direction: 'DESC' }) !== '';
}
