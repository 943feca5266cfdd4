'use client';
/** What every launch does: finds or makes the experiment, and sends runs or a sweep to the API. */
import { useMutation } from '@apollo/client/react';
import {
  CreateExperimentDocument,
  LaunchRunDocument,
  LaunchSweepDocument,
} from '../../graphql/generated/graphql.ts';
import { parseTags } from '../../run/parse-tags.ts';
import { type Hyperparameters, nameExperiment, nameRun, type RunText } from './launch-plan.ts';
import type { SweepRequest } from './sweep-draft.ts';
import type { LaunchFormState } from './use-launch-form.ts';

const USUAL_EXPERIMENT = 'Shallow vs deep';

export function useLauncher(form: LaunchFormState, text: RunText) {
  const [createExperiment] = useMutation(CreateExperimentDocument);
  const [launchRun] = useMutation(LaunchRunDocument);
  const [launchSweep] = useMutation(LaunchSweepDocument, { refetchQueries: ['LaunchChoices'] });
  const { target, dataset } = form;
  const ofEach = { tags: parseTags(text.tags), backend: text.backend };
  return {
    /** The chosen experiment, or a new one that is then chosen. */
    async chooseExperiment(usualName = USUAL_EXPERIMENT): Promise<string> {
      if (target.experimentId) return target.experimentId;
      const taken = dataset?.experiments.map(({ name }) => name) ?? [];
      const name = nameExperiment(target.experimentName.trim() || usualName, taken);
      const { data } = await createExperiment({
        variables: { input: { datasetId: target.datasetId, name } },
      });
      if (!data) throw new Error('The API gave no experiment back.');
      form.change({ experimentId: data.createExperiment.id });
      return data.createExperiment.id;
    },
    async launch(plan: {
      experimentId: string;
      hyperparameters: Hyperparameters;
      name: string;
    }): Promise<string> {
      const { data } = await launchRun({
        variables: {
          input: {
            experimentId: plan.experimentId,
            splitId: target.splitId,
            name: plan.name || nameRun({ ...form.values, ...plan.hyperparameters }),
            hyperparameters: plan.hyperparameters,
            notes: text.notes.trim() || null,
            ...ofEach,
          },
        },
      });
      if (!data) throw new Error('The API gave no run back.');
      return data.launchRun.id;
    },
    async launchSweep(experimentId: string, request: SweepRequest): Promise<string> {
      const { data } = await launchSweep({ variables: { input: { experimentId, ...ofEach, ...request } } });
      if (!data) throw new Error('The API gave no sweep back.');
      return data.launchSweep.id;
    },
  };
}
