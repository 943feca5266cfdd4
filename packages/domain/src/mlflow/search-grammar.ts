/**
 * What can be searched for by MLflow's filter language: the kinds of keys that a clause names, by all their spellings,
 * and for each noun which keys and comparators it has. A key that is none of a kind belongs to its attributes.
 */

export const SEARCH_KINDS = ['metric', 'parameter', 'tag', 'attribute', 'dataset'] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

export const KIND_SPELLINGS: Readonly<Record<string, SearchKind>> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'parameter',
  parameters: 'parameter',
  param: 'parameter',
  params: 'parameter',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

export const NUMERIC_COMPARATORS = ['>', '>=', '!=', '=', '<', '<='] as const;
export const TEXT_COMPARATORS = ['!=', '=', 'LIKE', 'ILIKE'] as const;
export const LIST_COMPARATORS = ['IN', 'NOT IN'] as const;
export const PRESENCE_COMPARATORS = ['IS NULL', 'IS NOT NULL'] as const;

export type SearchComparator =
  | (typeof NUMERIC_COMPARATORS)[number]
  | (typeof TEXT_COMPARATORS)[number]
  | (typeof LIST_COMPARATORS)[number]
  | (typeof PRESENCE_COMPARATORS)[number];

type AttributeRule = {
  /** What is compared: a text, or a number. */
  holds: 'text' | 'number';
  /** May be compared with a list. */
  hasLists?: boolean;
  comparators?: readonly SearchComparator[];
  isSearched?: boolean;
  isSorted?: boolean;
};

export type SearchGrammar = {
  /** Other than `attribute`. */
  kinds: readonly SearchKind[];
  /** By the name that the client gives; `aliasOf` is the one that it stands for. */
  attributes: Readonly<Record<string, AttributeRule>>;
  aliases?: Readonly<Record<string, string>>;
};

const text: AttributeRule = { holds: 'text' };
const listed: AttributeRule = { holds: 'text', hasLists: true };
const number: AttributeRule = { holds: 'number' };

export const RUN_SEARCH: SearchGrammar = {
  kinds: ['metric', 'parameter', 'tag', 'dataset'],
  attributes: {
    run_id: listed,
    run_name: text,
    status: text,
    user_id: text,
    artifact_uri: text,
    start_time: number,
    end_time: number,
  },
  aliases: {
    created: 'start_time',
    Created: 'start_time',
    'run name': 'run_name',
    'Run name': 'run_name',
    'Run Name': 'run_name',
    'Start Time': 'start_time',
  },
};

export const EXPERIMENT_SEARCH: SearchGrammar = {
  kinds: ['tag'],
  attributes: {
    name: text,
    creation_time: number,
    last_update_time: number,
    experiment_id: { ...text, isSearched: false },
  },
};

export const MODEL_SEARCH: SearchGrammar = {
  kinds: ['tag'],
  attributes: {
    name: listed,
    last_updated_timestamp: { ...number, isSearched: false },
  },
  aliases: { timestamp: 'last_updated_timestamp' },
};

export const VERSION_SEARCH: SearchGrammar = {
  kinds: ['tag'],
  attributes: {
    name: listed,
    version_number: number,
    run_id: listed,
    source_path: text,
    creation_timestamp: { ...number, isSearched: false },
    last_updated_timestamp: { ...number, isSearched: false },
  },
  aliases: { version: 'version_number' },
};

export const LOGGED_MODEL_SEARCH: SearchGrammar = {
  kinds: ['metric', 'parameter', 'tag'],
  attributes: {
    name: listed,
    model_id: listed,
    model_type: listed,
    status: listed,
    source_run_id: listed,
    creation_timestamp: number,
    last_updated_timestamp: number,
  },
  aliases: { creation_time: 'creation_timestamp', last_updated_time: 'last_updated_timestamp' },
};

export const DATASET_KEYS = ['name', 'digest', 'context'] as const;
