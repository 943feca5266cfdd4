/** The conditions of a filter of runs as input types, each with the filter that it becomes. */

import { AppError } from '@microtome/domain/app-error';
import {
  FIGURE_ENDS,
  FIGURE_SUBSETS,
  type RunColumn,
  type RunField,
  type SeriesPick,
} from '@microtome/domain/run-query/run-field';
import type { Comparison, RunFilter, Scalar, TagQuantifier } from '@microtome/domain/run-query/run-filter';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SubsetEnum } from '../enums.ts';

const SERIES_PICK_ABOUT = {
  LAST: 'The newest.',
  BEST: 'The best, by what is good of the metric; the largest where neither end is.',
  MIN: 'The smallest.',
  MAX: 'The largest.',
  ANY: 'That of any epoch.',
  AT_BEST: 'That of the epoch whose weights were kept.',
  AT_EPOCH: 'That of the epoch `epoch`.',
} as const;

const SeriesPickEnum = builder.enumType('SeriesPick', {
  description: 'Which number of a series.',
  values: Object.fromEntries(
    Object.entries(SERIES_PICK_ABOUT).map(([name, description]) => [name, { description }]),
  ) as Record<keyof typeof SERIES_PICK_ABOUT, { description: string }>,
});

const FIGURE_END_ABOUT: Record<(typeof FIGURE_ENDS)[number], string> = {
  VALUE: 'The figure itself.',
  LOW: 'The lower end of its 95 % interval.',
  HIGH: 'The upper end of its 95 % interval.',
};

const FigureEndEnum = builder.enumType('FigureEnd', {
  description: 'A figure of an evaluation, or an end of its interval.',
  values: Object.fromEntries(
    FIGURE_ENDS.map((end) => [end, { description: FIGURE_END_ABOUT[end] }]),
  ) as Record<(typeof FIGURE_ENDS)[number], { description: string }>,
});

const SIGNS = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const satisfies Record<
  string,
  Comparison
>;
const SIGN_ABOUT: Record<keyof typeof SIGNS, string> = {
  eq: 'Equal.',
  ne: 'Not equal, or none.',
  lt: 'Less.',
  lte: 'Less or equal.',
  gt: 'Greater.',
  gte: 'Greater or equal.',
};

const signNames = Object.keys(SIGNS) as (keyof typeof SIGNS)[];
type NumberComparison = Partial<Record<keyof typeof SIGNS, number | null>> & { isEmpty?: boolean | null };

export const TextConditionInput = builder.inputType('TextCondition', {
  description: 'What a text is compared with; all that is given must hold.',
  fields: (t) => ({
    equals: t.string({ extensions: typed('search'), description: 'This text.' }),
    containing: t.string({ extensions: typed('search'), description: 'Contains this text, in any case.' }),
    in: t.stringList({ extensions: typed('search'), description: 'One of these texts.' }),
  }),
});

export const TagConditionInput = builder.inputType('TagCondition', {
  description: 'Which tags; all that is given must hold.',
  fields: (t) => ({
    all: t.stringList({ extensions: typed('search'), description: 'Each of these.' }),
    any: t.stringList({ extensions: typed('search'), description: 'At least one of these.' }),
    none: t.stringList({ extensions: typed('search'), description: 'Not one of these.' }),
  }),
});

export const TimeRangeInput = builder.inputType('TimeRange', {
  description: 'A stretch of time.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'At this moment or later.' }),
    before: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
});

export const HyperparameterConditionInput = builder.inputType('HyperparameterCondition', {
  description: 'A hyperparameter compared by its type; all that is given must hold.',
  fields: (t) => ({
    name: t.string({ extensions: typed('search'), required: true, description: 'Its name.' }),
    ...Object.fromEntries(signNames.map((sign) => [sign, t.float({ description: SIGN_ABOUT[sign] })])),
    is: t.string({ extensions: typed('search'), description: 'This text.' }),
    isTrue: t.boolean({ description: 'This truth value.' }),
    in: t.stringList({ extensions: typed('search'), description: 'One of these texts.' }),
    containing: t.string({ extensions: typed('search'), description: 'Contains this text, in any case.' }),
    isEmpty: t.boolean({ description: 'Whether the run lacks it.' }),
  }),
});

export const SeriesConditionInput = builder.inputType('SeriesCondition', {
  description: 'A number of a series; all that is given must hold.',
  fields: (t) => ({
    name: t.string({
      extensions: typed('search'),
      required: true,
      description: 'Name of the series, e.g. validation.auc.',
    }),
    pick: t.field({
      type: SeriesPickEnum,
      defaultValue: 'BEST' as const,
      required: true,
      description: 'Which of its numbers.',
    }),
    epoch: t.int({ description: 'AT_EPOCH: the epoch.' }),
    ...Object.fromEntries(signNames.map((sign) => [sign, t.float({ description: SIGN_ABOUT[sign] })])),
    isEmpty: t.boolean({ description: 'Whether the run lacks it.' }),
  }),
});

export const FigureConditionInput = builder.inputType('FigureCondition', {
  description:
    'A figure of an evaluation; all that is given must hold. There is none of TEST until it is opened.',
  fields: (t) => ({
    subset: t.field({ type: SubsetEnum, required: true, description: 'VALIDATION or TEST.' }),
    metric: t.string({
      extensions: typed('word'),
      required: true,
      description: 'Name of the metric, e.g. auc or macro.auc.',
    }),
    end: t.field({
      type: FigureEndEnum,
      defaultValue: 'VALUE' as const,
      required: true,
      description: 'The figure, or an end of its interval.',
    }),
    ...Object.fromEntries(signNames.map((sign) => [sign, t.float({ description: SIGN_ABOUT[sign] })])),
    isEmpty: t.boolean({ description: 'Whether the run lacks it.' }),
  }),
});

export const PatientConditionInput = builder.inputType('PatientCondition', {
  description:
    'A patient on a side of the split of the run. In a split by patch a patient counts as being on every side.',
  fields: (t) => ({
    key: t.string({ extensions: typed('search'), required: true, description: 'Key of the patient.' }),
    subset: t.field({ type: SubsetEnum, required: true, description: 'The side.' }),
  }),
});

type Given<T> = T | null | undefined;

export function column(name: RunColumn): RunField {
  return { kind: 'COLUMN', name };
}

export function matchText(field: RunField, given: Given<typeof TextConditionInput.$inferInput>): RunFilter[] {
  return [
    ...(given?.equals == null ? [] : [compare(field, '=', given.equals)]),
    ...(given?.containing == null ? [] : [{ kind: 'CONTAINS' as const, field, text: given.containing }]),
    ...(given?.in == null ? [] : [{ kind: 'IN' as const, field, values: given.in }]),
  ];
}

export function matchTags(given: Given<typeof TagConditionInput.$inferInput>): RunFilter[] {
  return (['ALL', 'ANY', 'NONE'] as const satisfies readonly TagQuantifier[]).flatMap(
    (quantifier): RunFilter[] => {
      const tags = given?.[quantifier.toLowerCase() as 'all' | 'any' | 'none'];
      return tags == null ? [] : [{ kind: 'TAGS', quantifier, tags }];
    },
  );
}

export function matchTime(name: RunColumn, given: Given<typeof TimeRangeInput.$inferInput>): RunFilter[] {
  const at = (operator: Comparison, moment: Given<Date>): RunFilter[] =>
    moment
      ? [
          {
            kind: 'COMPARE',
            field: column(name),
            operator,
            value: { kind: 'TIME', at: moment.toISOString() },
          },
        ]
      : [];
  return [...at('>=', given?.from), ...at('<', given?.before)];
}

export function matchHyperparameter(condition: typeof HyperparameterConditionInput.$inferInput): RunFilter[] {
  const { name, is, isTrue } = condition;
  const field: RunField = { kind: 'HYPERPARAMETER', name };
  return [
    ...matchNumber(field, condition),
    ...matchText(field, { ...condition, equals: is }),
    ...(isTrue == null ? [] : [compare(field, '=', isTrue)]),
  ];
}

/** BAD_INPUT for AT_EPOCH without its epoch. */
export function matchSeries(condition: typeof SeriesConditionInput.$inferInput): RunFilter[] {
  const { name, pick, epoch } = condition;
  if (pick === 'AT_EPOCH' && (epoch == null || epoch < 0)) {
    throw new AppError(
      'BAD_INPUT',
      `The series '${name}' is asked for at the epoch ${epoch ?? 'none'}: give one from 0.`,
    );
  }
  const picked: SeriesPick = pick === 'AT_EPOCH' ? { epoch: epoch ?? 0 } : pick;
  return matchNumber({ kind: 'SERIES', name, pick: picked }, condition);
}

/** BAD_INPUT for TRAIN, on which nothing is evaluated. */
export function matchFigure(condition: typeof FigureConditionInput.$inferInput): RunFilter[] {
  const subset = FIGURE_SUBSETS.find((one) => one === condition.subset);
  if (!subset)
    throw new AppError(
      'BAD_INPUT',
      'A figure is asked for on TRAIN: there are evaluations on VALIDATION and TEST.',
    );
  return matchNumber({ kind: 'FIGURE', subset, name: condition.metric, end: condition.end }, condition);
}

function matchNumber(field: RunField, given: NumberComparison): RunFilter[] {
  const empty: RunFilter = { kind: 'EMPTY', field };
  return [
    ...signNames.flatMap((sign) => {
      const value = given[sign];
      return value == null ? [] : [compare(field, SIGNS[sign], value)];
    }),
    ...(given.isEmpty == null ? [] : [given.isEmpty ? empty : { kind: 'NOT' as const, filter: empty }]),
  ];
}

export function compare(field: RunField, operator: Comparison, value: Scalar): RunFilter {
  return { kind: 'COMPARE', field, operator, value: { kind: 'LITERAL', value } };
}
