/** Each field of runs as SQL, for a statement that reads `run`: the one place that knows in which column or row it is kept. */
import { isSmallerBetter } from '@microtome/domain/metrics/metric';
import { RUN_STATUSES } from '@microtome/domain/run/run-status';
import {
  KNOWN_HYPERPARAMETERS,
  type RunColumn,
  type RunField,
  type RunFigure,
  type SeriesPick,
} from '@microtome/domain/run-query/run-field';
import { Prisma } from '../../generated/prisma/client.ts';
import { SETTING_KEY } from '../run/run-settings.ts';

const OF_DATASET = Prisma.sql`(select project_id from dataset where dataset.id = noun.dataset_id)`;

/** Another record of a run: its table, the column of the run that names it, and the project of a row that is called `noun`. */
const NOUNS = {
  experiment: {
    table: Prisma.sql`experiment`,
    key: Prisma.sql`run.experiment_id`,
    projectId: Prisma.sql`noun.project_id`,
  },
  dataset: {
    table: Prisma.sql`dataset`,
    key: Prisma.sql`run.dataset_id`,
    projectId: Prisma.sql`noun.project_id`,
  },
  split: { table: Prisma.sql`split`, key: Prisma.sql`run.split_id`, projectId: OF_DATASET },
  sweep: {
    table: Prisma.sql`sweep`,
    key: Prisma.sql`run.sweep_id`,
    projectId: Prisma.sql`(select project_id from experiment where experiment.id = noun.experiment_id)`,
  },
  task: {
    table: Prisma.sql`task`,
    key: Prisma.sql`(select task_id from experiment where experiment.id = run.experiment_id)`,
    projectId: OF_DATASET,
  },
};
type RunNoun = keyof typeof NOUNS;

const COLUMNS: Record<Exclude<RunColumn, RunNoun | 'tags'>, Prisma.Sql> = {
  id: Prisma.sql`run.id::text`,
  name: Prisma.sql`run.name`,
  notes: Prisma.sql`nullif(run.notes, '')`,
  origin: Prisma.sql`run.origin`,
  status: Prisma.sql`run.status`,
  architecture: Prisma.sql`run.architecture`,
  backend: Prisma.sql`run.backend`,
  device: Prisma.sql`run.device`,
  seed: Prisma.sql`run.seed::float8`,
  setting: Prisma.sql`md5(concat_ws(' ', ${SETTING_KEY}))`,
  parameters: Prisma.sql`run.parameters::float8`,
  multiplyAdds: Prisma.sql`run.multiply_adds::float8`,
  attempt: Prisma.sql`run.attempt::float8`,
  priority: Prisma.sql`run.priority::float8`,
  epochsDone: Prisma.sql`run.epochs_done::float8`,
  bestEpoch: Prisma.sql`run.best_epoch::float8`,
  threshold: Prisma.sql`run.threshold`,
  temperature: Prisma.sql`run.temperature`,
  trainPatchesPerSecond: Prisma.sql`run.train_patches_per_second`,
  peakMemoryBytes: Prisma.sql`run.peak_memory_bytes::float8`,
  duration: Prisma.sql`extract(epoch from coalesce(run.finished_at, now()) - run.started_at)::float8`,
  createdBy: Prisma.sql`(select name from account where account.id = run.created_by)`,
  createdAt: Prisma.sql`run.created_at`,
  startedAt: Prisma.sql`run.started_at`,
  finishedAt: Prisma.sql`run.finished_at`,
  error: Prisma.sql`run.error`,
  archived: Prisma.sql`(run.archived_at is not null)`,
  unsafe: Prisma.sql`exists (select from split where split.id = run.split_id
    and (split.kind = 'PATCH' or split.audit ->> 'passed' = 'false'))`,
  testOpened: Prisma.sql`exists (select from test_opening where test_opening.run_id = run.id)`,
};

/** One row of a run by which it is found, and the value in it. */
type FieldRow = { from: Prisma.Sql; match: Prisma.Sql; value: Prisma.Sql };

export function isNoun(name: string): name is RunNoun {
  return Object.hasOwn(NOUNS, name);
}

export function nounSql(noun: RunNoun): (typeof NOUNS)[RunNoun] {
  return NOUNS[noun];
}

/**
 * Its value: float8 of a number, text of a text or noun, timestamptz of a time, boolean of a flag. A hyperparameter is a
 * number unless our networks have it as a word. Null where the run lacks it.
 */
export function fieldSql(field: RunField): Prisma.Sql {
  if (field.kind === 'HYPERPARAMETER') {
    return isWordHyperparameter(field.name)
      ? hyperparameterText(field.name)
      : hyperparameterNumber(field.name);
  }
  if (field.kind === 'COLUMN') return columnSql(field.name);
  if (field.kind === 'TAG') return tagSql(field.key);
  const { from, match, value } = rowOfField(field);
  return Prisma.sql`(select ${value} from ${from} where ${match} order by ${field.kind === 'SERIES' ? Prisma.sql`owner desc` : value} limit 1)`;
}

/** Its value as JSON, which says of what type it is: a hyperparameter is what was given, tags are a list. */
export function jsonSql(field: RunField): Prisma.Sql {
  return field.kind === 'HYPERPARAMETER'
    ? Prisma.sql`run.hyperparameters -> ${field.name}::text`
    : Prisma.sql`to_jsonb(${fieldSql(field)})`;
}

/** How its values are sorted: the words of a status in their own order, names without regard to case. */
export function sortSql(field: RunField): Prisma.Sql {
  if (field.kind !== 'COLUMN') return fieldSql(field);
  if (field.name === 'status') {
    return Prisma.sql`array_position(${[...RUN_STATUSES]}::text[], run.status)::float8`;
  }
  if (field.name === 'archived' || field.name === 'unsafe' || field.name === 'testOpened') {
    return Prisma.sql`${columnSql(field.name)}::int::float8`;
  }
  return field.name === 'name' || isNoun(field.name)
    ? Prisma.sql`lower(${columnSql(field.name)})`
    : columnSql(field.name);
}

/** A time keeps its own type, so that an index on it serves. */
export function sortType(field: RunField): 'float8' | 'text' | 'timestamptz' {
  if (field.kind === 'HYPERPARAMETER') return isWordHyperparameter(field.name) ? 'text' : 'float8';
  if (field.kind === 'TAG') return 'text';
  if (field.kind !== 'COLUMN') return 'float8';
  if (field.name === 'createdAt' || field.name === 'startedAt' || field.name === 'finishedAt')
    return 'timestamptz';
  const texts: readonly RunColumn[] = [
    'id',
    'name',
    'notes',
    'architecture',
    'backend',
    'device',
    'setting',
    'error',
    'origin',
    'createdBy',
  ];
  return texts.includes(field.name) || isNoun(field.name) ? 'text' : 'float8';
}

/** Whether every run has it: a sort by it needs no place for those that lack it. */
export function isAlwaysThere(field: RunField): boolean {
  const columns: readonly RunColumn[] = [
    'id',
    'name',
    'status',
    'createdAt',
    'attempt',
    'priority',
    'epochsDone',
  ];
  return field.kind === 'COLUMN' && columns.includes(field.name);
}

/** Where a figure, or the kept numbers of a series, of the run stand. */
export function rowOfField(field: RunFigure | Extract<RunField, { kind: 'SERIES' }>): FieldRow {
  if (field.kind === 'FIGURE') {
    const { subset, name, end } = field;
    return {
      from: Prisma.sql`run_figure`,
      match: Prisma.sql`run_figure.run_id = run.id and run_figure.subset = ${subset} and run_figure.name = ${name}`,
      value: FIGURE_COLUMNS[end],
    };
  }
  const { name, pick } = field;
  if (pick === 'AT_BEST') return pointRow(name, Prisma.sql`run.best_epoch`);
  if (typeof pick === 'object') return pointRow(name, Prisma.sql`${pick.epoch}::int`);
  return {
    from: Prisma.sql`metric_summary`,
    match: Prisma.sql`metric_summary.run_id = run.id and metric_summary.name = ${name}`,
    value: SUMMARY_COLUMNS[endOfSeries(name, pick)],
  };
}

/**
 * The values of all runs that have one, as a table of `run_id` and `value` with a row a run; null where no such rows are kept. A
 * list that is sorted by it is read in the order of their index, or joined with them once.
 */
export function keptValuesSql(field: RunField): Prisma.Sql | null {
  if (field.kind === 'FIGURE') {
    return Prisma.sql`(select run_id, ${FIGURE_COLUMNS[field.end]} as value from run_figure
      where subset = ${field.subset} and name = ${field.name})`;
  }
  if (field.kind !== 'SERIES' || field.pick === 'AT_BEST' || typeof field.pick === 'object') return null;
  return Prisma.sql`(select run_id, ${SUMMARY_COLUMNS[endOfSeries(field.name, field.pick)]} as value from metric_summary
    where name = ${field.name} and ${countsSql(Prisma.sql`metric_summary`)})`;
}

/**
 * Of a name that both have, the worker's series counts. A subquery for a value is asked row by row, as few as are read; `exists` would be
 * answered for all series at once, and of `is null` the planner believes that it keeps one row of 200.
 */
function countsSql(table: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${table}.owner = 'WORKER' or coalesce((select false from metric_summary as own
    where own.run_id = ${table}.run_id and own.name = ${table}.name and own.owner = 'WORKER'), true))`;
}

/** A run has such a row whose value is in this relation to another. */
export function matchRow(
  field: Parameters<typeof rowOfField>[0],
  sign: Prisma.Sql,
  value: Prisma.Sql,
): Prisma.Sql {
  const { from, match, value: column } = rowOfField(field);
  const counts = field.kind === 'SERIES' ? Prisma.sql`and ${countsSql(from)}` : Prisma.empty;
  return Prisma.sql`exists (select from ${from} where ${match} and ${column} ${sign} ${value} ${counts})`;
}

export const FIGURE_COLUMNS = {
  VALUE: Prisma.sql`run_figure.value`,
  LOW: Prisma.sql`run_figure.low`,
  HIGH: Prisma.sql`run_figure.high`,
};

const SUMMARY_COLUMNS = {
  // What is no number has no size.
  LAST: Prisma.sql`nullif(metric_summary.last_value, 'NaN'::float8)`,
  MIN: Prisma.sql`metric_summary.min_value`,
  MAX: Prisma.sql`metric_summary.max_value`,
};

function endOfSeries(
  name: string,
  pick: Exclude<SeriesPick, object | 'AT_BEST'>,
): keyof typeof SUMMARY_COLUMNS {
  if (pick === 'BEST') return isSmallerBetter(name) ? 'MIN' : 'MAX';
  return pick === 'ANY' ? 'LAST' : pick;
}

function pointRow(name: string, epoch: Prisma.Sql): FieldRow {
  return {
    from: Prisma.sql`metric`,
    match: Prisma.sql`metric.run_id = run.id and metric.name = ${name} and metric.epoch = ${epoch}`,
    value: Prisma.sql`nullif(metric.value, 'NaN'::float8)`,
  };
}

export function columnSql(name: RunColumn): Prisma.Sql {
  if (name === 'tags') return Prisma.sql`run.tags`;
  if (!isNoun(name)) return COLUMNS[name];
  const { table, key } = NOUNS[name];
  return Prisma.sql`(select noun.name from ${table} as noun where noun.id = ${key})`;
}

/** The first by name, where there are several. */
function tagSql(key: string): Prisma.Sql {
  const begin = `${key}:`;
  return Prisma.sql`(select substr(tag, ${begin.length + 1}::int) from unnest(run.tags) as tag
    where starts_with(tag, ${begin}::text) order by tag limit 1)`;
}

export function hyperparameterNumber(name: string): Prisma.Sql {
  return Prisma.sql`number_of(run.hyperparameters -> ${name}::text)`;
}

export function hyperparameterText(name: string): Prisma.Sql {
  return Prisma.sql`(run.hyperparameters ->> ${name}::text)`;
}

function isWordHyperparameter(name: string): boolean {
  const type = KNOWN_HYPERPARAMETERS.get(name)?.type;
  return type === 'string' || type === 'boolean';
}
