/**
 * What runs can be asked by: the one list of their columns, and with it the hyperparameters, the series of numbers and the
 * figures of evaluations. Filter line, API, sorting and aggregates all name a field as this file does.
 */
import { RUN_METRICS } from '../metrics/metric.ts';
import { hyperparameterJsonSchema } from '../run/hyperparameters.ts';
import { RUN_ORIGINS } from '../run/run-origin.ts';
import { RUN_STATUSES } from '../run/run-status.ts';

/** What the values of a field are, each with what is said of it. */
export const RUN_FIELD_TYPES = {
  TEXT: 'A text.',
  NUMBER: 'A number.',
  DURATION: 'A number of seconds.',
  TIME: 'A moment.',
  FLAG: 'True or false.',
  WORD: 'One of a list of words.',
  NOUN: 'Another record, by its name or its id.',
  TAGS: 'A list of tags.',
  ANY: 'Whatever the hyperparameter is.',
} as const;
type RunFieldType = keyof typeof RUN_FIELD_TYPES;

type RunColumnEntry = { type: RunFieldType; about: string; words?: readonly string[] };

export const RUN_COLUMNS = {
  id: { type: 'TEXT', about: 'Id of the run.' },
  name: { type: 'TEXT', about: 'Name of the run.' },
  notes: { type: 'TEXT', about: 'Its notes.' },
  tags: { type: 'TAGS', about: 'Its tags.' },
  origin: { type: 'WORD', about: 'Who records it.', words: RUN_ORIGINS },
  status: { type: 'WORD', about: 'Where it stands.', words: RUN_STATUSES },
  experiment: { type: 'NOUN', about: 'Its experiment, by name.' },
  dataset: { type: 'NOUN', about: 'Its dataset, by name.' },
  split: { type: 'NOUN', about: 'Its split, by name.' },
  task: { type: 'NOUN', about: 'Its task, by name.' },
  sweep: { type: 'NOUN', about: 'Its sweep, by name.' },
  createdBy: { type: 'TEXT', about: 'Who launched it, by the name of their account.' },
  architecture: { type: 'TEXT', about: 'Its network.' },
  backend: { type: 'TEXT', about: 'What trains it.' },
  device: { type: 'TEXT', about: 'The device that trains it.' },
  seed: { type: 'NUMBER', about: 'Its seed.' },
  setting: { type: 'TEXT', about: 'What runs share that differ in their seed alone, as a digest.' },
  parameters: { type: 'NUMBER', about: 'Weights of its network.' },
  multiplyAdds: { type: 'NUMBER', about: 'Multiply-adds for one patch.' },
  attempt: { type: 'NUMBER', about: 'Number of its newest attempt.' },
  priority: { type: 'NUMBER', about: 'Place in the queue: larger comes first.' },
  epochsDone: { type: 'NUMBER', about: 'Epochs that are done.' },
  bestEpoch: { type: 'NUMBER', about: 'The epoch whose weights were kept.' },
  threshold: { type: 'NUMBER', about: 'Its threshold, chosen on VALIDATION.' },
  temperature: { type: 'NUMBER', about: 'Its calibration temperature.' },
  trainPatchesPerSecond: { type: 'NUMBER', about: 'Training patches a second.' },
  peakMemoryBytes: { type: 'NUMBER', about: 'Largest memory of its trainer.' },
  duration: { type: 'DURATION', about: 'Time from start to end, or to now.' },
  createdAt: { type: 'TIME', about: 'When it was launched.' },
  startedAt: { type: 'TIME', about: 'When it first ran.' },
  finishedAt: { type: 'TIME', about: 'When it settled.' },
  error: { type: 'TEXT', about: 'Why it failed.' },
  archived: { type: 'FLAG', about: 'Whether it is archived.' },
  unsafe: { type: 'FLAG', about: 'Whether its split is unsafe.' },
  testOpened: { type: 'FLAG', about: 'Whether TEST was opened for it.' },
} as const satisfies Record<string, RunColumnEntry>;

export type RunColumn = keyof typeof RUN_COLUMNS;

export function isRunColumn(name: string): name is RunColumn {
  return Object.hasOwn(RUN_COLUMNS, name);
}

export const FIGURE_SUBSETS = ['VALIDATION', 'TEST'] as const;
export const FIGURE_ENDS = ['VALUE', 'LOW', 'HIGH'] as const;

/** A number of a stored evaluation, or an end of its 95 % interval. */
export type RunFigure = {
  kind: 'FIGURE';
  subset: (typeof FIGURE_SUBSETS)[number];
  name: string;
  end: (typeof FIGURE_ENDS)[number];
};

/**
 * Which number of a series. BEST: the good end of its metric, the largest where it has none. ANY: at any epoch.
 * AT_BEST: at the epoch whose weights were kept.
 */
export const SERIES_PICKS = ['LAST', 'BEST', 'MIN', 'MAX', 'ANY', 'AT_BEST'] as const;
const PICKS_ABOUT: Record<(typeof SERIES_PICKS)[number], string> = {
  LAST: 'The newest number of a series.',
  BEST: 'The best number of a series, by what is good of its metric.',
  MIN: 'The smallest number of a series.',
  MAX: 'The largest number of a series.',
  ANY: 'A number of a series at any epoch.',
  AT_BEST: 'The number at the epoch whose weights were kept.',
};
export type SeriesPick = (typeof SERIES_PICKS)[number] | { epoch: number };

export type RunField =
  | { kind: 'COLUMN'; name: RunColumn }
  /** Of a tag such as `person:ada`, what stands behind its key. */
  | { kind: 'TAG'; key: string }
  | { kind: 'HYPERPARAMETER'; name: string }
  | { kind: 'SERIES'; name: string; pick: SeriesPick }
  | RunFigure;

type KnownHyperparameter = { description?: string; enum?: readonly string[]; type?: string };

const OWN_HYPERPARAMETERS = (hyperparameterJsonSchema().properties ?? {}) as Record<
  string,
  KnownHyperparameter
>;

/** Those of our own networks by name; columns of the same name stand for them. */
export const KNOWN_HYPERPARAMETERS: ReadonlyMap<string, KnownHyperparameter> = new Map(
  Object.entries(OWN_HYPERPARAMETERS).filter(([name]) => !isRunColumn(name)),
);

/** The field that has the values of a hyperparameter. */
export function fieldOfHyperparameter(name: string): RunField {
  return isRunColumn(name) && Object.hasOwn(OWN_HYPERPARAMETERS, name)
    ? { kind: 'COLUMN', name }
    : { kind: 'HYPERPARAMETER', name };
}

/** Short names that people type. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  created: 'createdAt',
  started: 'startedAt',
  finished: 'finishedAt',
};

/** What an evaluation says, besides its counts of calls. */
export const FIGURE_NAMES: readonly string[] = [...RUN_METRICS, 'prevalence', 'patches', 'patients'];

export function typeOfField(field: RunField): RunFieldType {
  if (field.kind === 'COLUMN') return RUN_COLUMNS[field.name].type;
  if (field.kind === 'TAG') return 'TEXT';
  return field.kind === 'HYPERPARAMETER' ? 'ANY' : 'NUMBER';
}

/** What it is, in a sentence; empty of a name that only the runs know. */
export function aboutField(field: RunField): string {
  switch (field.kind) {
    case 'COLUMN':
      return RUN_COLUMNS[field.name].about;
    case 'HYPERPARAMETER':
      return KNOWN_HYPERPARAMETERS.get(field.name)?.description ?? '';
    case 'TAG':
      return `What stands behind ${field.key}: in its tags.`;
    case 'FIGURE':
      return `A figure of the evaluation on ${field.subset}.`;
    case 'SERIES':
      return typeof field.pick === 'object'
        ? `The number at epoch ${field.pick.epoch}.`
        : PICKS_ABOUT[field.pick];
  }
}

/** The words that a field takes, or that are known of it; empty where it takes any. */
export function wordsOfField(field: RunField): readonly string[] {
  if (field.kind === 'COLUMN') {
    const column: RunColumnEntry = RUN_COLUMNS[field.name];
    return column.words ?? (column.type === 'FLAG' ? ['true', 'false'] : []);
  }
  if (field.kind !== 'HYPERPARAMETER') return [];
  const known = KNOWN_HYPERPARAMETERS.get(field.name);
  return known?.enum ?? (known?.type === 'boolean' ? ['true', 'false'] : []);
}

/** Whether there is a mean of it, and an order by size that is not one of letters. */
export function isNumberField(field: RunField): boolean {
  const type = typeOfField(field);
  return type === 'NUMBER' || type === 'DURATION' || type === 'ANY';
}
