/** The filter of runs as input, and the line of text next to it: both become one filter of the domain. */

import { AppError } from '@microtome/domain/app-error';
import type { Learning } from '@microtome/domain/evaluation/learning';
import type { RunStatus } from '@microtome/domain/run/run-status';
import { parseRunQuery } from '@microtome/domain/run-query/parse-query';
import type { RunColumn } from '@microtome/domain/run-query/run-field';
import type { RunFilter } from '@microtome/domain/run-query/run-filter';
import { selectLearnedRuns } from '@microtome/store/evaluation/learned-runs';
import { findChampions } from '@microtome/store/model/find-champions';
import type { RunSelection } from '@microtome/store/run-query/run-pages';
import type { InputObjectRef } from '@pothos/core';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunStatusEnum } from '../enums.ts';
import { LearningStateEnum } from '../evaluation/learning.ts';
import {
  column,
  compare,
  FigureConditionInput,
  HyperparameterConditionInput,
  matchFigure,
  matchHyperparameter,
  matchSeries,
  matchTags,
  matchText,
  matchTime,
  PatientConditionInput,
  SeriesConditionInput,
  TagConditionInput,
  TextConditionInput,
  TimeRangeInput,
} from './run-conditions.ts';

type Given<T> = T | null | undefined;

/** As a client sends it. */
type GivenFilter = {
  and?: Given<GivenFilter[]>;
  or?: Given<GivenFilter[]>;
  not?: Given<GivenFilter>;
  ids?: Given<string[]>;
  experimentId?: Given<string>;
  splitId?: Given<string>;
  datasetId?: Given<string>;
  sweepId?: Given<string>;
  experiment?: Given<string>;
  split?: Given<string>;
  dataset?: Given<string>;
  sweep?: Given<string>;
  task?: Given<string>;
  status?: Given<RunStatus[]>;
  learning?: Given<Learning['state'][]>;
  architecture?: Given<string[]>;
  backend?: Given<string[]>;
  name?: Given<typeof TextConditionInput.$inferInput>;
  notes?: Given<typeof TextConditionInput.$inferInput>;
  tag?: Given<string>;
  tags?: Given<typeof TagConditionInput.$inferInput>;
  search?: Given<string>;
  createdAt?: Given<typeof TimeRangeInput.$inferInput>;
  startedAt?: Given<typeof TimeRangeInput.$inferInput>;
  finishedAt?: Given<typeof TimeRangeInput.$inferInput>;
  hyperparameters?: Given<(typeof HyperparameterConditionInput.$inferInput)[]>;
  metrics?: Given<(typeof SeriesConditionInput.$inferInput)[]>;
  figures?: Given<(typeof FigureConditionInput.$inferInput)[]>;
  patient?: Given<typeof PatientConditionInput.$inferInput>;
  settingOf?: Given<string>;
  groupSeeds?: Given<boolean>;
  archived?: Given<boolean>;
};

export const RunFilterInput: InputObjectRef<(typeof builder)['$inferSchemaTypes'], GivenFilter> = builder
  .inputRef<GivenFilter>('RunFilter')
  .implement({
    description: 'Which runs; every given condition must hold.',
    fields: (t) => ({
      and: t.field({ type: [RunFilterInput], description: 'All of these hold.' }),
      or: t.field({ type: [RunFilterInput], description: 'At least one of these holds.' }),
      not: t.field({ type: RunFilterInput, description: 'This does not hold.' }),
      ids: t.idList({ description: 'One of these runs.' }),
      experimentId: t.id({ description: 'Of this experiment.' }),
      splitId: t.id({ description: 'On this split.' }),
      datasetId: t.id({ description: 'On this dataset.' }),
      sweepId: t.id({ description: 'Of this sweep.' }),
      experiment: t.string({ extensions: typed('search'), description: 'Of the experiment of this name.' }),
      split: t.string({ extensions: typed('search'), description: 'On the split of this name.' }),
      dataset: t.string({ extensions: typed('search'), description: 'On the dataset of this name.' }),
      sweep: t.string({ extensions: typed('search'), description: 'Of the sweep of this name.' }),
      task: t.string({ extensions: typed('search'), description: 'With the task of this name.' }),
      status: t.field({ type: [RunStatusEnum], description: 'With one of these statuses.' }),
      learning: t.field({
        type: [LearningStateEnum],
        description:
          'Evaluated, and in one of these states of `Run.learning`. In the outermost filter alone.',
      }),
      architecture: t.stringList({
        extensions: typed('word'),
        description: 'With one of these networks.',
      }),
      backend: t.stringList({ extensions: typed('word'), description: 'Trained by one of these backends.' }),
      name: t.field({ type: TextConditionInput, description: 'By name.' }),
      notes: t.field({ type: TextConditionInput, description: 'By notes.' }),
      tag: t.string({ extensions: typed('search'), description: 'With this tag.' }),
      tags: t.field({ type: TagConditionInput, description: 'By tags.' }),
      search: t.string({
        extensions: typed('search'),
        description: 'Whose name, notes or tags contain this text, in any case.',
      }),
      createdAt: t.field({ type: TimeRangeInput, description: 'By when it was launched.' }),
      startedAt: t.field({ type: TimeRangeInput, description: 'By when it first ran.' }),
      finishedAt: t.field({ type: TimeRangeInput, description: 'By when it settled.' }),
      hyperparameters: t.field({
        type: [HyperparameterConditionInput],
        description: 'By hyperparameters; all hold.',
      }),
      metrics: t.field({ type: [SeriesConditionInput], description: 'By numbers of series; all hold.' }),
      figures: t.field({ type: [FigureConditionInput], description: 'By figures of evaluations; all hold.' }),
      patient: t.field({ type: PatientConditionInput, description: 'By a patient of its split.' }),
      settingOf: t.id({
        description:
          'Of the same setting as this run: only their seeds differ. In the outermost filter alone.',
      }),
      groupSeeds: t.boolean({
        description:
          'True: one run of each setting among those that match, the newest that SUCCEEDED; `setting` tells of the others. In the outermost filter alone.',
      }),
      archived: t.boolean({
        description: 'True: archived ones only; false: the others only. Both when left out.',
      }),
    }),
  });

/** What is the same for every field that asks for runs. */
export const QUERY_ARGUMENT = {
  extensions: typed('runQuery'),
  description:
    'Which runs, as a line such as `architecture = deep and test.auc > 0.9 and lr < 1e-3` (docs/filter-line.md has all that it may say). Holds together with `filter`.',
};

type GivenSelection = { filter?: Given<GivenFilter>; query?: Given<string> };

/** Of what may be shown alone. Reads evaluations where `learning` is asked for. @throws QueryError; AppError BAD_INPUT, NOT_FOUND for an id that is none */
export async function selectRuns(
  { store, access }: Pick<ApiContext, 'store' | 'access'>,
  { filter, query }: GivenSelection,
): Promise<RunSelection> {
  const { learning, settingOf, groupSeeds, ...conditions } = filter ?? {};
  const { projectIds } = access;
  const filters = await Promise.all(
    [matchAll(conditions), query ? parseRunQuery(query) : null]
      .filter((one) => one !== null)
      .map((one) => findChampions(store, one, projectIds)),
  );
  const selection: RunSelection = {
    where: filters.length === 0 ? null : { kind: 'AND', filters },
    settingOf: settingOf ? parseRecordId(settingOf, 'run') : null,
    groupSeeds: groupSeeds ?? false,
    projectIds,
  };
  return learning ? selectLearnedRuns(store, selection, learning) : selection;
}

const NOUN_IDS = {
  experimentId: 'experiment',
  splitId: 'split',
  datasetId: 'dataset',
  sweepId: 'sweep',
} as const satisfies Partial<Record<keyof GivenFilter, RunColumn>>;
const NOUN_NAMES = ['experiment', 'split', 'dataset', 'sweep', 'task'] as const;
const OUTERMOST = ['learning', 'settingOf', 'groupSeeds'] as const;

function matchAll(given: GivenFilter): RunFilter | null {
  const filters = [
    ...matchNouns(given),
    ...matchOwn(given),
    ...matchMeasured(given),
    ...matchComposed(given),
  ];
  return filters.length === 0 ? null : { kind: 'AND', filters };
}

function matchNouns(given: GivenFilter): RunFilter[] {
  const ids = (Object.keys(NOUN_IDS) as (keyof typeof NOUN_IDS)[]).flatMap((name) => {
    const id = given[name];
    return id ? [compare(column(NOUN_IDS[name]), '=', parseRecordId(id, NOUN_IDS[name]))] : [];
  });
  const names = NOUN_NAMES.flatMap((name) => {
    const value = given[name];
    return value == null ? [] : [compare(column(name), '=', value)];
  });
  return [...ids, ...names];
}

function matchOwn(given: GivenFilter): RunFilter[] {
  const { ids, status, architecture, backend, tag, search, archived, patient } = given;
  const isOneOf = (name: RunColumn, values: Given<readonly string[]>): RunFilter[] =>
    values ? [{ kind: 'IN', field: column(name), values }] : [];
  return [
    ...isOneOf('id', ids),
    ...isOneOf('status', status),
    ...isOneOf('architecture', architecture),
    ...isOneOf('backend', backend),
    ...matchText(column('name'), given.name),
    ...matchText(column('notes'), given.notes),
    ...matchTags(given.tags),
    ...(tag == null ? [] : matchTags({ all: [tag] })),
    ...(search == null ? [] : [matchAnywhere(search)]),
    ...matchTime('createdAt', given.createdAt),
    ...matchTime('startedAt', given.startedAt),
    ...matchTime('finishedAt', given.finishedAt),
    ...(archived == null ? [] : [compare(column('archived'), '=', archived)]),
    ...(patient ? [{ kind: 'PATIENT' as const, ...patient }] : []),
  ];
}

function matchAnywhere(text: string): RunFilter {
  const fields = [column('name'), column('notes'), column('tags')];
  return { kind: 'OR', filters: fields.map((field) => ({ kind: 'CONTAINS', field, text })) };
}

function matchMeasured({ hyperparameters, metrics, figures }: GivenFilter): RunFilter[] {
  return [
    ...(hyperparameters ?? []).flatMap(matchHyperparameter),
    ...(metrics ?? []).flatMap(matchSeries),
    ...(figures ?? []).flatMap(matchFigure),
  ];
}

function matchComposed({ and, or, not }: GivenFilter): RunFilter[] {
  const inner = (given: GivenFilter): RunFilter => {
    const misplaced = OUTERMOST.find((name) => given[name] != null);
    if (misplaced)
      throw new AppError(
        'BAD_INPUT',
        `'${misplaced}' stands within another filter: it is for the outermost alone.`,
      );
    return matchAll(given) ?? { kind: 'AND', filters: [] };
  };
  return [
    ...(and ? [{ kind: 'AND' as const, filters: and.map(inner) }] : []),
    ...(or ? [{ kind: 'OR' as const, filters: or.map(inner) }] : []),
    ...(not ? [{ kind: 'NOT' as const, filter: inner(not) }] : []),
  ];
}
