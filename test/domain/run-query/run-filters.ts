/** Filters of runs as fast-check draws them: every kind of field and condition that a line can say. */
import type { RunField } from '@microtome/domain/run-query/run-field';
import {
  FIGURE_ENDS,
  FIGURE_NAMES,
  FIGURE_SUBSETS,
  KNOWN_HYPERPARAMETERS,
  RUN_COLUMNS,
  type RunColumn,
  SERIES_PICKS,
  typeOfField,
  wordsOfField,
} from '@microtome/domain/run-query/run-field';
import {
  COMPARISONS,
  type RunFilter,
  type RunValue,
  type Scalar,
} from '@microtome/domain/run-query/run-filter';
import { SUBSETS } from '@microtome/domain/split/subset';
import fc from 'fast-check';

const texts = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 8 }));
const names = texts.filter((text) => text !== '');
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const columns = fc
  .constantFrom(...(Object.keys(RUN_COLUMNS) as RunColumn[]))
  .map((name): RunField => ({ kind: 'COLUMN', name }));
const hyperparameters = fc
  .oneof(fc.constantFrom(...KNOWN_HYPERPARAMETERS.keys()), names)
  .map((name): RunField => ({ kind: 'HYPERPARAMETER', name }));
const series = fc.record({
  kind: fc.constant('SERIES' as const),
  name: names,
  pick: fc.oneof(
    fc.constantFrom(...SERIES_PICKS),
    fc.nat().map((epoch) => ({ epoch })),
  ),
});
const figures = fc.record({
  kind: fc.constant('FIGURE' as const),
  subset: fc.constantFrom(...FIGURE_SUBSETS),
  name: fc.constantFrom(...FIGURE_NAMES),
  end: fc.constantFrom(...FIGURE_ENDS),
});

const tagKeys = names.map((key): RunField => ({ kind: 'TAG', key }));

export const runFields: fc.Arbitrary<RunField> = fc.oneof(columns, tagKeys, hyperparameters, series, figures);

/** `known`: values that runs are known to have, drawn besides others. */
function scalarsOf(field: RunField, known?: fc.Arbitrary<Scalar>): fc.Arbitrary<Scalar> {
  const own = ownScalarsOf(field);
  const type = typeOfField(field);
  const isNumber = type === 'NUMBER' || type === 'DURATION';
  if (!known || type === 'FLAG' || type === 'WORD') return own;
  const fitting = known.filter((value) => type === 'ANY' || (typeof value === 'number') === isNumber);
  return fc.oneof({ weight: 3, arbitrary: fitting }, { weight: 1, arbitrary: own });
}

function ownScalarsOf(field: RunField): fc.Arbitrary<Scalar> {
  const type = typeOfField(field);
  if (type === 'NUMBER') return numbers;
  if (type === 'DURATION') return numbers;
  if (type === 'FLAG') return fc.boolean();
  if (type === 'WORD') return fc.constantFrom(...wordsOfField(field));
  return type === 'ANY' ? fc.oneof(texts, numbers, fc.boolean()) : texts;
}

function valuesOf(field: RunField, known?: fc.Arbitrary<Scalar>): fc.Arbitrary<RunValue> {
  const literals = scalarsOf(field, known).map((value): RunValue => ({ kind: 'LITERAL', value }));
  const type = typeOfField(field);
  if (type === 'TIME') {
    return fc.oneof(
      fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((at): RunValue => ({ kind: 'TIME', at: at.toISOString() })),
      fc.nat(3_000_000_000).map((seconds): RunValue => ({ kind: 'AGO', seconds })),
    );
  }
  if (type !== 'NUMBER') return literals;
  return fc.oneof(
    { weight: 3, arbitrary: literals },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('CHAMPION' as const), model: names, figure: figures }),
    },
  );
}

export function conditionsOf(field: RunField, known?: fc.Arbitrary<Scalar>): fc.Arbitrary<RunFilter> {
  const type = typeOfField(field);
  const empty = fc.constant<RunFilter>({ kind: 'EMPTY', field });
  const tags = fc.array(scalarsOf(field, known).map(String), { minLength: 1, maxLength: 3 });
  const contains = texts.map((text): RunFilter => ({ kind: 'CONTAINS', field, text }));
  if (type === 'TAGS') {
    const quantifiers = fc.constantFrom('ALL' as const, 'ANY' as const, 'NONE' as const);
    return fc.oneof(
      empty,
      contains,
      fc
        .tuple(quantifiers, tags)
        .map(([quantifier, list]): RunFilter => ({ kind: 'TAGS', quantifier, tags: list })),
    );
  }
  const sizes = COMPARISONS.filter((sign) => sign !== '=' && sign !== '!=');
  const operators =
    type === 'TIME'
      ? sizes
      : type === 'NUMBER' || type === 'DURATION' || type === 'ANY'
        ? COMPARISONS
        : (['=', '!='] as const);
  const comparisons = fc
    .tuple(fc.constantFrom(...operators), valuesOf(field, known))
    .map(([operator, value]): RunFilter => ({ kind: 'COMPARE', field, operator, value }));
  if (type === 'TIME') return fc.oneof(empty, comparisons);
  const lists = fc
    .array(scalarsOf(field, known), { minLength: 1, maxLength: 3 })
    .map((values): RunFilter => ({ kind: 'IN', field, values }));
  if (type !== 'TEXT' && type !== 'NOUN' && type !== 'ANY') return fc.oneof(empty, comparisons, lists);
  const likes = texts.map((pattern): RunFilter => ({ kind: 'LIKE', field, pattern }));
  return fc.oneof(empty, comparisons, lists, likes, contains);
}

const patients = fc.record({
  kind: fc.constant('PATIENT' as const),
  key: texts,
  subset: fc.constantFrom(...SUBSETS),
});

/** Conditions put together by and, or and not. */
export function filtersOver(conditions: fc.Arbitrary<RunFilter>): fc.Arbitrary<RunFilter> {
  return fc.letrec<{ filter: RunFilter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 4, arbitrary: conditions },
      { weight: 1, arbitrary: patients },
      { weight: 1, arbitrary: tie('filter').map((filter): RunFilter => ({ kind: 'NOT', filter })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom('AND' as const, 'OR' as const),
            fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
          )
          .map(([kind, filters]): RunFilter => ({ kind, filters })),
      },
    ),
  })).filter;
}

export const runFilters: fc.Arbitrary<RunFilter> = filtersOver(
  runFields.chain((field) => conditionsOf(field)),
);
