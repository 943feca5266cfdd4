/**
 * The query parameters of each page's address, and links that carry them. Names and values are a promise to
 * everyone who kept a link. Unknown values are ignored. Pure.
 */
import {
  createParser,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import { LearningState, RunOrderField, RunStatus } from '../graphql/generated/graphql.ts';
import { STRATEGIES } from '../sweep/sweep-strategies.ts';

export const RUN_TABS = [
  'training',
  'evaluation',
  'tissue',
  'hyperparameters',
  'log',
  'comments',
  'files',
] as const;

const text = parseAsString.withDefault('');

/** True where the address carries the word, as in `archived=1`; false where it does not. */
const parseAsSwitch = (word: string) =>
  createParser<boolean>({
    parse: (given) => given === word || null,
    serialize: () => word,
  }).withDefault(false);

export const RUNS_PARAMETERS = {
  search: text,
  status: parseAsArrayOf(parseAsStringLiteral(Object.values(RunStatus))).withDefault([]),
  learning: parseAsStringLiteral(Object.values(LearningState)),
  architecture: text,
  experiment: text,
  split: text,
  sweep: text,
  tag: text,
  archived: parseAsSwitch('1'),
  /** `grouped`: one line for each setting, its seeds together. */
  seeds: parseAsStringLiteral(['grouped'] as const),
  /** The id of a run: only runs of its setting. */
  setting: text,
  /** The filter line. */
  query: text,
  order: parseAsStringLiteral(Object.values(RunOrderField)).withDefault('CREATED_AT'),
  direction: parseAsStringLiteral(['ASC', 'DESC'] as const).withDefault('DESC'),
  /** The order as the line writes it, `best(validation.auc) desc, name`; in place of `order`. */
  sort: text,
  /** The field that the runs are grouped by. */
  group: text,
  /** The id of the run that the others are compared with. */
  baseline: text,
  /** The columns, as the line names them. */
  columns: parseAsArrayOf(parseAsString),
  /** How many of them, from the first on, stay in sight. */
  pinned: parseAsInteger,
  /** `name:240`: a column's width in pixels. */
  widths: parseAsArrayOf(parseAsString),
  /** The id of the saved view that this began with; alone, all that the view keeps. */
  view: text,
};

export type RunSearch = inferParserType<typeof RUNS_PARAMETERS>;

function pickFilters(parameters: typeof RUNS_PARAMETERS) {
  const { search, status, learning, architecture, experiment, split, sweep, tag, archived, seeds, setting } =
    parameters;
  return {
    search,
    status,
    learning,
    architecture,
    experiment,
    split,
    sweep,
    tag,
    archived,
    seeds,
    setting,
    query: parameters.query,
  };
}

/** Which runs, as the run table narrows them; and which of their numbers is drawn against what. */
export const RELATIONS_PARAMETERS = {
  ...pickFilters(RUNS_PARAMETERS),
  of: parseAsString.withDefault('validation.auc'),
  against: text,
};

export type RelationSearch = inferParserType<typeof RELATIONS_PARAMETERS>;

export const RUN_TAB_PARAMETER = parseAsStringLiteral(RUN_TABS).withDefault('training');

/** Charts over epochs: which part of them is shown, and how much they are smoothed. */
export const CURVES_PARAMETERS = {
  from: parseAsFloat,
  to: parseAsFloat,
  smoothing: parseAsFloat.withDefault(0),
};

export const COMPARISON_PARAMETERS = {
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  reference: parseAsString,
  /** Only patients that both runs of a pair have. */
  shared: parseAsSwitch('1'),
};

export const SLIDE_LAYERS = [
  'probability',
  'context',
  'own',
  'called',
  'truth',
  'outlines',
  'errors',
  'difference',
] as const;

export const SLIDE_ORDERS = ['patient', 'auc', 'errors', 'area'] as const;

const FIRST_OPACITY = 0.55;

/** One slide: alone, under a run or two of them side by side, under an exam or an analysis; and what of it is in view. */
export const VIEWER_PARAMETERS = {
  run: text,
  other: text,
  exam: text,
  /** A slide that a model was asked about; it is of no dataset. */
  analysis: text,
  slide: text,
  /** The key of a patient whose first slide is meant, where no slide is named. */
  patient: text,
  layers: parseAsArrayOf(parseAsStringLiteral(SLIDE_LAYERS)).withDefault([
    'probability',
    'called',
    'outlines',
  ]),
  opacity: parseAsFloat.withDefault(FIRST_OPACITY),
  order: parseAsStringLiteral(SLIDE_ORDERS).withDefault('patient'),
  /** The middle of the view in pixels of the slide. */
  x: parseAsFloat,
  y: parseAsFloat,
  /** Pixels of the screen for one of the slide. */
  zoom: parseAsFloat,
  /** Degrees, clockwise. */
  turn: parseAsFloat.withDefault(0),
};

export type ViewerAddress = inferParserType<typeof VIEWER_PARAMETERS>;

export const SLIDE_ANALYSES_PARAMETERS = {
  /** Of a model: only its slides, and the one that the form begins with. */
  version: text,
};

/** Where one slide under the runs `a` and `b` was shown once; kept for links of that time. */
export const COMPARED_SLIDE_PARAMETERS = { a: text, b: text, slide: text };

/** Whose champion analyses; the first that has one when left out. */
export const ANALYSE_MODEL_PARAMETER = text;

export const LAUNCH_PARAMETERS = {
  /** The run whose settings the form begins with. */
  from: parseAsString,
  /** The name of a preset, which goes over those settings. */
  preset: parseAsString,
  dataset: parseAsString,
  split: parseAsString,
  experiment: parseAsString,
  sweep: parseAsStringLiteral(STRATEGIES),
};

/** The number of the version whose way through the gate is open. */
export const MODEL_PARAMETERS = { promote: parseAsInteger };

export const SPLITS_PARAMETERS = {
  dataset: parseAsString,
  /** The form of a new split is open. */
  create: parseAsSwitch('1'),
};

const serializeRuns = createSerializer(RUNS_PARAMETERS);
const serializeRelations = createSerializer(RELATIONS_PARAMETERS);
const serializeTab = createSerializer({ tab: RUN_TAB_PARAMETER });
const serializeComparison = createSerializer(COMPARISON_PARAMETERS);
const serializeViewer = createSerializer(VIEWER_PARAMETERS);
const serializeSlideAnalyses = createSerializer(SLIDE_ANALYSES_PARAMETERS);
const serializeLaunch = createSerializer(LAUNCH_PARAMETERS);
const serializeModel = createSerializer(MODEL_PARAMETERS);
const serializeSplits = createSerializer(SPLITS_PARAMETERS);

export const linkToRuns = (search: Partial<RunSearch>) => serializeRuns('/runs', search);

export const linkToRelations = (search: Partial<RelationSearch>) =>
  serializeRelations('/runs/relations', search);

export const linkToRun = (id: string, tab: (typeof RUN_TABS)[number]) => serializeTab(`/runs/${id}`, { tab });

export const linkToComparison = (runs: string[]) => serializeComparison('/compare', { runs });

export const linkToViewer = (wanted: Partial<ViewerAddress>) => serializeViewer('/viewer', wanted);

export const linkToSlideAnalyses = (version: string) =>
  serializeSlideAnalyses('/slide-analyses', { version });

export const linkToLaunch = (wanted: Partial<inferParserType<typeof LAUNCH_PARAMETERS>>) =>
  serializeLaunch('/launch', wanted);

export const linkToModel = (id: string, promote: number | null) =>
  serializeModel(`/models/${id}`, { promote });

export const linkToSplits = (wanted: Partial<inferParserType<typeof SPLITS_PARAMETERS>>) =>
  serializeSplits('/splits', wanted);
