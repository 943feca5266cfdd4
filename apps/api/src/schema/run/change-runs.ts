/** One act on many runs. */
import { AppError } from '@microtome/domain/app-error';
import {
  type ChangedRuns,
  changeRuns,
  type RefusedRun,
  type RunsAct,
} from '@microtome/store/run/change-runs';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from './run.ts';

const RunsActEnum = builder.enumType('RunsAct', {
  description: 'What is done to many runs.',
  values: {
    ARCHIVE: { description: 'Hides them.' },
    RESTORE: { description: 'Brings them back from the archive.' },
    TAG: { description: 'Adds tags to those that they have.' },
    UNTAG: { description: 'Takes tags away.' },
    CANCEL: { description: 'As `cancelRun`.' },
    DELETE: { description: 'As `deleteRun`.' },
  } satisfies Record<RunsAct['kind'], { description: string }>,
});

const ChangeRunsInput = builder.inputType('ChangeRunsInput', {
  description: 'An act on many runs.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'The runs, at most 500.' }),
    act: t.field({ type: RunsActEnum, required: true, description: 'What is done to them.' }),
    tags: t.stringList({ extensions: typed('tag'), description: 'The tags, of TAG and UNTAG.' }),
    requestedBy: t.string({ extensions: typed('requester'), description: 'Who asks for DELETE.' }),
  }),
});

const RefusedRunRef = builder.objectRef<RefusedRun>('RefusedRun').implement({
  description: 'A run that an act on many left as it was.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run.' }),
    name: t.exposeString('name', { description: 'Its name; empty where there is none.' }),
    reason: t.exposeString('reason', { description: 'Why, in a sentence.' }),
  }),
});

const ChangedRunsRef = builder.objectRef<ChangedRuns>('ChangedRuns').implement({
  description: 'What became of an act on many runs.',
  fields: (t) => ({
    count: t.int({ description: 'How many were changed.', resolve: ({ runIds }) => runIds.length }),
    runs: t.field({
      type: [RunRef],
      description: 'Those that were changed and are still there, as they are now.',
      resolve: async ({ runIds }, _args, { loaders }) =>
        (await Promise.all(runIds.map((id) => loaders.run.load(id)))).filter((run) => run !== undefined),
    }),
    refused: t.field({
      type: [RefusedRunRef],
      description: 'Those that were left as they were.',
      resolve: ({ refused }) => refused,
    }),
  }),
});

builder.mutationField('changeRuns', (t) =>
  t.field({
    type: ChangedRunsRef,
    description:
      'Archives, tags, cancels or deletes many runs: each for itself, so that one that cannot be changed holds no other back.',
    args: { input: t.arg({ type: ChangeRunsInput, required: true, description: 'The act.' }) },
    resolve: (_root, { input: { ids, act, tags, requestedBy } }, { store }) =>
      changeRuns(store, {
        runIds: ids.map((id) => parseRecordId(id, 'run')),
        act: readAct(act, { tags: tags ?? [], requestedBy: requestedBy ?? '' }),
      }),
  }),
);

function readAct(
  kind: RunsAct['kind'],
  { tags, requestedBy }: { tags: string[]; requestedBy: string },
): RunsAct {
  if (kind === 'DELETE') return { kind, requestedBy };
  if (kind !== 'TAG' && kind !== 'UNTAG') return { kind };
  if (tags.length === 0) throw new AppError('BAD_INPUT', `'${kind}' names no tag: it takes at least one.`);
  return { kind, tags };
}
