/** The hyperparameters of a run as a JSON schema, from which a form can be built, and the presets. */
import {
  HYPERPARAMETER_PRESETS,
  type HyperparameterPreset,
  hyperparameterJsonSchema,
} from '@microtome/domain/run/hyperparameters';
import { builder } from '../../graphql/builder.ts';

const HyperparameterPresetRef = builder.objectRef<HyperparameterPreset>('HyperparameterPreset').implement({
  description: 'A sensible set of hyperparameters.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    hyperparameters: t.field({
      type: 'JSON',
      description: 'The hyperparameters that differ from their defaults.',
      resolve: ({ hyperparameters }) => hyperparameters,
    }),
  }),
});

const HyperparameterSchemaRef = builder
  .objectRef<{ presets: readonly HyperparameterPreset[] }>('HyperparameterSchema')
  .implement({
    description: 'The hyperparameters of a run.',
    fields: (t) => ({
      jsonSchema: t.field({
        type: 'JSON',
        description: 'JSON schema with the default, range and meaning of each hyperparameter.',
        resolve: () => hyperparameterJsonSchema(),
      }),
      presets: t.field({
        type: [HyperparameterPresetRef],
        description: 'Sensible sets of hyperparameters.',
        resolve: ({ presets }) => [...presets],
      }),
    }),
  });

builder.queryField('hyperparameterSchema', (t) =>
  t.field({
    type: HyperparameterSchemaRef,
    description: 'The hyperparameters of a run, with defaults, ranges and presets.',
    resolve: () => ({ presets: HYPERPARAMETER_PRESETS }),
  }),
);
