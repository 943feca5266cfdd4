/** The fields that runs have, for a table whose columns are chosen, and any values of a run by the names of the line. */
import { AppError } from '@microtome/domain/app-error';
import { printRunField } from '@microtome/domain/run-query/print-query';
import {
  aboutField,
  isNumberField,
  RUN_FIELD_TYPES,
  type RunField,
  typeOfField,
} from '@microtome/domain/run-query/run-field';
import { listRunFields } from '@microtome/store/run-query/run-fields';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from '../run/run.ts';
import { readRunField } from './read-run-field.ts';

const VALUES_MAX = 100;

const RunFieldKindEnum = builder.enumType('RunFieldKind', {
  description: 'Where a field of runs comes from.',
  values: {
    COLUMN: { description: 'Every run has it, or may.' },
    TAG: { description: 'What stands behind the key of a tag.' },
    HYPERPARAMETER: { description: 'What the run was asked to do.' },
    SERIES: { description: 'A number of a series that the run recorded.' },
    FIGURE: { description: 'A number of an evaluation.' },
  } satisfies Record<RunField['kind'], { description: string }>,
});

const RunFieldTypeEnum = builder.enumType('RunFieldType', {
  description: 'What the values of a field of runs are.',
  values: Object.fromEntries(
    Object.entries(RUN_FIELD_TYPES).map(([value, description]) => [value, { value, description }]),
  ) as Record<keyof typeof RUN_FIELD_TYPES, { value: keyof typeof RUN_FIELD_TYPES; description: string }>,
});

const RunFieldRef = builder.objectRef<RunField>('RunField').implement({
  description: 'A field that runs are shown, sorted, grouped and asked by.',
  fields: (t) => ({
    name: t.string({ description: 'Its name, as the line writes it.', resolve: printRunField }),
    kind: t.field({
      type: RunFieldKindEnum,
      description: 'Where it comes from.',
      resolve: ({ kind }) => kind,
    }),
    type: t.field({ type: RunFieldTypeEnum, description: 'What its values are.', resolve: typeOfField }),
    isNumber: t.boolean({
      description: 'Whether there is a mean of it; a hyperparameter may be a number in some runs.',
      resolve: isNumberField,
    }),
    about: t.string({ description: 'What it is; may be empty.', resolve: aboutField }),
  }),
});

builder.queryField('runFields', (t) =>
  t.field({
    type: [RunFieldRef],
    description:
      'The fields of runs: those that every run has, the series of all runs that you see, and hyperparameters and keys of tags of the newest of them; or those that are named.',
    args: {
      names: t.arg.stringList({
        extensions: typed('search'),
        description: 'Only these, as the line writes them, in this order.',
      }),
    },
    resolve: (_root, { names }, { store, access }) =>
      names ? parseFields(names) : listRunFields(store, { projectIds: access.projectIds }),
  }),
);

builder.prismaObjectField(RunRef, 'values', (t) =>
  t.field({
    type: 'JSON',
    description:
      'Its values of any fields such as `lr`, `best(train.loss)`, `test.auc` or `tags`: an object with what `of` names, each value of its own type. Null where it has none; seconds of a duration, ISO 8601 of a time.',
    args: {
      of: t.arg.stringList({
        extensions: typed('search'),
        required: true,
        description: `The fields as the line names them, at most ${VALUES_MAX}.`,
      }),
    },
    resolve: async ({ id }, { of }, { loaders }) => {
      const fields = parseFields(of);
      const values = await Promise.all(fields.map((field) => loaders.valueOfRun.load({ runId: id, field })));
      return Object.fromEntries(of.map((name, at) => [name, values[at] ?? null]));
    },
  }),
);

function parseFields(names: readonly string[]): RunField[] {
  if (names.length > VALUES_MAX) {
    throw new AppError('BAD_INPUT', `There are ${names.length} fields at once: at most ${VALUES_MAX} fit.`);
  }
  return names.map(readRunField);
}
