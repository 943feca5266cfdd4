/** The backends that runs can ask for. */
import { BACKENDS, type BackendName, REPEATS_ON, REQUESTABLE_BACKENDS } from '@microtome/domain/run/backends';
import { builder } from '../../graphql/builder.ts';

const BackendRef = builder.objectRef<BackendName>('Backend').implement({
  description: 'What computes a training step.',
  fields: (t) => ({
    name: t.string({ description: 'Its name, as runs ask for it.', resolve: (name) => name }),
    title: t.string({ description: 'Its name for people.', resolve: (name) => BACKENDS[name].title }),
    computesOn: t.string({
      description: 'GPU or CPU. One for GPUs does not work, or is slow, where there is none.',
      resolve: (name) => BACKENDS[name].computesOn,
    }),
    repeatsBits: t.string({
      description: `When the same seed gives the same bits on ${REPEATS_ON}: ALWAYS, or ON_REQUEST by the hyperparameter \`deterministic\`.`,
      resolve: (name) => BACKENDS[name].repeatsBits,
    }),
  }),
});

builder.queryField('backends', (t) =>
  t.field({
    type: [BackendRef],
    description: 'The backends that runs can ask for, best first. Which of them work, each worker says.',
    resolve: () => REQUESTABLE_BACKENDS,
  }),
);
