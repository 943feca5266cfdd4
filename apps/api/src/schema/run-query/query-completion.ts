/** What may come next in a line that is typed about runs. */
import type { QueryCompletion } from '@microtome/domain/run-query/complete-query';
import { completeRunQuery, type RunQueryCompletions } from '@microtome/store/run-query/complete-run-query';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';

const CompletionKindEnum = builder.enumType('CompletionKind', {
  description: 'What a completion is.',
  values: {
    FIELD: { description: 'A field of runs.' },
    OPERATOR: { description: 'What a field is compared by.' },
    VALUE: { description: 'A value of the field.' },
    WORD: { description: 'A word or sign of the line itself.' },
  } satisfies Record<QueryCompletion['kind'], { description: string }>,
});

const QueryCompletionRef = builder.objectRef<QueryCompletion>('QueryCompletion').implement({
  description: 'A text that may stand at a place of a line.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The text, with quotation marks where it needs them.' }),
    kind: t.expose('kind', { type: CompletionKindEnum, description: 'What it is.' }),
    about: t.exposeString('about', { description: 'What it stands for; may be empty.' }),
  }),
});

const RunQueryCompletionsRef = builder.objectRef<RunQueryCompletions>('RunQueryCompletions').implement({
  description: 'What may stand at a place of a line, and which part of the line it would replace.',
  fields: (t) => ({
    from: t.int({
      description: 'Where that part begins, in characters from 0.',
      resolve: ({ range }) => range.from,
    }),
    to: t.int({ description: 'Where it ends.', resolve: ({ range }) => range.to }),
    completions: t.field({
      type: [QueryCompletionRef],
      description: 'At most 50; empty where what stands before the place is wrong.',
      resolve: ({ completions }) => completions,
    }),
  }),
});

builder.queryField('completeRunQuery', (t) =>
  t.field({
    type: RunQueryCompletionsRef,
    description: 'What may come next in a line about runs, with names from the projects that you see.',
    args: {
      text: t.arg.string({ extensions: typed('runQuery'), required: true, description: 'The line.' }),
      at: t.arg.int({ required: true, description: 'The place in it, in characters from 0.' }),
    },
    resolve: (_root, { text, at }, { store, access }) =>
      completeRunQuery(store, { line: text, at, projectIds: access.projectIds }),
  }),
);
