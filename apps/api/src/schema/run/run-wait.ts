/** Why runs wait: of one run, of a run before it is launched, and of all that wait for something that is not there. */
import { AUTO_BACKEND, parseBackendRequest } from '@microtome/domain/run/backends';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { RUN_WAIT_CODES, type RunWait, type RunWaitCode } from '@microtome/domain/run/run-wait';
import { explainLaunch, listStuckRuns, mayWait, type StuckRuns } from '@microtome/store/run/run-waits';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from './run.ts';

const codes = Object.keys(RUN_WAIT_CODES) as RunWaitCode[];
const RunWaitCodeEnum = builder.enumType('RunWaitCode', {
  description: 'What a run waits for.',
  values: Object.fromEntries(
    codes.map((code) => [code, { value: code, description: RUN_WAIT_CODES[code] }]),
  ) as Record<RunWaitCode, { value: RunWaitCode; description: string }>,
});

const RunWaitRef = builder.objectRef<RunWait>('RunWait').implement({
  description: 'Why a run waits.',
  fields: (t) => ({
    code: t.field({ type: RunWaitCodeEnum, description: 'The reason.', resolve: ({ code }) => code }),
    sentence: t.exposeString('sentence', { description: 'The reason for people, and what ends the wait.' }),
    needsAttention: t.exposeBoolean('needsAttention', {
      description: 'Whether it lasts until a person does something.',
    }),
    ahead: t.exposeInt('ahead', {
      description: 'Runs that come first by priority and launch; 0 where no worker can take it.',
    }),
  }),
});

builder.prismaObjectField(RunRef, 'wait', (t) =>
  t.field({
    type: RunWaitRef,
    nullable: true,
    description: 'Why it waits at the moment; null when it does not.',
    resolve: (run, _args, { loaders }) =>
      mayWait(run) ? loaders.waitOfRun.load(run).then((wait) => wait ?? null) : null,
  }),
);

const StuckRunsRef = builder.objectRef<StuckRuns>('StuckRuns').implement({
  description: 'Queued runs that need the same backend or precision, which no running worker has.',
  fields: (t) => ({
    backend: t.string({
      description: 'What they need: a backend, auto or bf16.',
      resolve: ({ need }) => need.line,
    }),
    runCount: t.exposeInt('runCount', { description: 'How many.' }),
    firstRun: t.field({
      type: RunRef,
      nullable: true,
      description: 'The one that was launched first; null when it was deleted meanwhile.',
      resolve: async ({ firstRunId }, _args, { loaders }) => (await loaders.run.load(firstRunId)) ?? null,
    }),
    wait: t.field({ type: RunWaitRef, description: 'What is missing.', resolve: ({ wait }) => wait }),
  }),
});

builder.queryFields((t) => ({
  stuckRuns: t.field({
    type: [StuckRunsRef],
    description:
      'Queued runs that no running worker can train, by what they need. Archived ones are left out.',
    resolve: (_root, _args, { store, access }) => listStuckRuns(store, access.projectIds),
  }),
  launchWait: t.field({
    type: RunWaitRef,
    description: 'What a run launched now, at priority 0, would wait for.',
    args: {
      backend: t.arg.string({
        extensions: typed('word'),
        defaultValue: AUTO_BACKEND,
        required: true,
        description: 'As `LaunchRunInput.backend`.',
      }),
      precision: t.arg.string({
        extensions: typed('word'),
        defaultValue: 'float32',
        required: true,
        description: 'As the hyperparameter `precision`.',
      }),
    },
    resolve: (_root, { backend, precision }, { store }) =>
      explainLaunch(store, {
        backend: parseBackendRequest(backend),
        precision: parseHyperparameters({ precision }).precision,
      }),
  }),
}));
