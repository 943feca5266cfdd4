/** How an external program records a run, from beginning to end. */
import { AppError } from '@microtome/domain/app-error';
import { openExternalExperiment } from '@microtome/store/experiment/external-experiments';
import {
  finishExternalRun,
  heartbeatExternalRun,
  joinSplit,
  reopenExternalRun,
  startExternalRun,
} from '@microtome/store/external-run/external-runs';
import { logHyperparameters, logText } from '@microtome/store/external-run/logged-facts';
import { deleteLabel, setLabels } from '@microtome/store/external-run/run-labels';
import { getRun } from '@microtome/store/run/runs';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { HOME_WORDS, placeIn } from '../../graphql/home-project.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunStatusEnum } from '../enums.ts';
import { RunRef } from '../run/run.ts';

const StartRunInput = builder.inputType('StartRunInput', {
  description: 'A run that an external program records. It tells what it knows.',
  fields: (t) => ({
    projectId: t.id({
      description: `The project of the experiment that is named; when left out that of the split, else ${HOME_WORDS}.`,
    }),
    experimentId: t.id({ description: 'The experiment; give this or the name of one.' }),
    experiment: t.string({
      extensions: typed('experimentName'),
      description: 'The name of an experiment, which is made, without a dataset, where there is none.',
    }),
    name: t.string({ extensions: typed('runName'), description: 'A name.' }),
    notes: t.string({ extensions: typed('notes'), description: 'Free notes.' }),
    tags: t.stringList({ extensions: typed('tag'), description: 'Tags.' }),
    architecture: t.string({ extensions: typed('word'), description: 'The network, in words of its own.' }),
    hyperparameters: t.field({ type: 'JSON', description: 'Any JSON object.' }),
    splitId: t.id({ description: 'The split that it trains on, if it is one of ours.' }),
    seed: t.field({ type: 'BigInt', description: 'Its seed.' }),
    parameters: t.int({ description: 'Weights of the network.' }),
    multiplyAdds: t.field({ type: 'BigInt', description: 'Multiply-adds for one patch.' }),
    client: t.string({ extensions: typed('word'), description: 'The program, as it calls itself.' }),
  }),
});

builder.mutationField('startRun', (t) =>
  t.field({
    type: RunRef,
    description: 'Begins a run of origin EXTERNAL: no worker of ours trains it, and it is RUNNING at once.',
    args: { input: t.arg({ type: StartRunInput, required: true, description: 'What is known of it.' }) },
    resolve: async (_root, { input }, { store, projects, access }) => {
      const { experimentId, experiment, splitId } = input;
      // The split's, so that what it names stands where it does.
      const [home] = splitId ? ((await projects.find('split', [splitId])).get(splitId) ?? []) : [];
      return startExternalRun(store, {
        createdBy: readAccountId(access),
        experimentId: experimentId
          ? parseRecordId(experimentId, 'experiment')
          : (
              await openExternalExperiment(
                store,
                requireName(experiment),
                home && !input.projectId ? home : placeIn(access, input.projectId),
              )
            ).id,
        splitId: splitId ? parseRecordId(splitId, 'split') : undefined,
        name: input.name ?? undefined,
        notes: input.notes ?? undefined,
        tags: input.tags ?? undefined,
        architecture: input.architecture ?? undefined,
        hyperparameters: input.hyperparameters ?? undefined,
        seed: input.seed == null ? undefined : Number(input.seed),
        parameters: input.parameters ?? undefined,
        multiplyAdds: input.multiplyAdds == null ? undefined : BigInt(input.multiplyAdds),
        client: input.client ?? undefined,
      });
    },
  }),
);

function requireName(experiment: string | null | undefined): string {
  if (experiment) return experiment;
  throw new AppError(
    'BAD_INPUT',
    'The run names no experiment: give `experimentId`, or `experiment` by name.',
  );
}

const RunHeartbeatRef = builder
  .objectRef<Awaited<ReturnType<typeof heartbeatExternalRun>>>('RunHeartbeat')
  .implement({
    description: 'The answer to a sign of life.',
    fields: (t) => ({
      status: t.expose('status', { type: RunStatusEnum, description: 'Where the run stands.' }),
      isCanceled: t.exposeBoolean('isCanceled', {
        description: 'Whether a person canceled it: its program should stop.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  heartbeatRun: t.field({
    type: RunHeartbeatRef,
    description: 'A sign of life of an EXTERNAL run. Numbers, text and files are signs of life too.',
    args: { id: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (_root, { id }, { store }) => heartbeatExternalRun(store, parseRecordId(id, 'run')),
  }),
  finishRun: t.field({
    type: RunRef,
    description: 'An EXTERNAL run has SUCCEEDED.',
    args: { id: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (_root, { id }, { store }) =>
      finishExternalRun(store, { runId: parseRecordId(id, 'run'), status: 'SUCCEEDED' }),
  }),
  failRun: t.field({
    type: RunRef,
    description: 'An EXTERNAL run has FAILED.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the run.' }),
      error: t.arg.string({ extensions: typed('reason'), description: 'Why, as a sentence.' }),
    },
    resolve: (_root, { id, error }, { store }) =>
      finishExternalRun(store, {
        runId: parseRecordId(id, 'run'),
        status: 'FAILED',
        error: error ?? undefined,
      }),
  }),
  reopenRun: t.field({
    type: RunRef,
    description: 'The program of an EXTERNAL run goes on with it. Refused once the run was evaluated.',
    args: { id: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (_root, { id }, { store }) => reopenExternalRun(store, parseRecordId(id, 'run')),
  }),
  joinSplit: t.field({
    type: RunRef,
    description: 'Ties an EXTERNAL run to a split of ours, once.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      splitId: t.arg.id({ required: true, description: 'Id of the split.' }),
    },
    resolve: (_root, { runId, splitId }, { store }) =>
      joinSplit(store, { runId: parseRecordId(runId, 'run'), splitId: parseRecordId(splitId, 'split') }),
  }),
}));

builder.mutationFields((t) => ({
  logParams: t.field({
    type: RunRef,
    description:
      'Adds hyperparameters to an EXTERNAL run. A value that is known never changes: another is refused.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      params: t.arg({ type: 'JSON', required: true, description: 'A JSON object.' }),
    },
    resolve: (_root, { runId, params }, { store }) =>
      logHyperparameters(store, { runId: parseRecordId(runId, 'run'), hyperparameters: params }),
  }),
  logText: t.field({
    type: RunRef,
    description: 'Adds text to the log of an EXTERNAL run.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      text: t.arg.string({
        extensions: typed('logText'),
        required: true,
        description: 'One line or several.',
      }),
    },
    resolve: async (_root, { runId, text }, { store }) => {
      const id = parseRecordId(runId, 'run');
      await logText(store, { runId: id, text });
      return getRun(store, id);
    },
  }),
  setRunLabel: t.field({
    type: RunRef,
    description: 'Hangs a tag with a value on a run, in place of the value that its key had.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      key: t.arg.string({ extensions: typed('search'), required: true, description: 'The key.' }),
      value: t.arg.string({ extensions: typed('notes'), required: true, description: 'The value.' }),
    },
    resolve: async (_root, { runId, key, value }, { store }) => {
      const id = parseRecordId(runId, 'run');
      await setLabels(store, { runId: id, labels: { [key]: value } });
      return getRun(store, id);
    },
  }),
  deleteRunLabel: t.field({
    type: RunRef,
    description: 'Takes a tag with a value off a run.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      key: t.arg.string({ extensions: typed('search'), required: true, description: 'The key.' }),
    },
    resolve: async (_root, { runId, key }, { store }) => {
      const id = parseRecordId(runId, 'run');
      await deleteLabel(store, { runId: id, key });
      return getRun(store, id);
    },
  }),
}));
