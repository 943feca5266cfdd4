'use client';
/** What every launch does: finds or makes the experiment, and sends runs or a sweep to the API. */
import { useMutation } from '@apollo/client/react';
import { useRef } from 'react';
import { useFormAction } from '../../form/use-form-action.ts';
import {
  CreateExperimentDocument,
  LaunchRunDocument,
  LaunchSweepDocument,
} from '../../graphql/generated/graphql.ts';
import { type Hyperparameters, nameExperiment, nameRun } from './launch-plan.ts';
import type { LaunchOutput } from './launch-schema.ts';
import type { SweepRequest } from './sweep-draft.ts';
import type { LaunchFormState } from './use-launch-form.ts';

const USUAL_EXPERIMENT = 'Shallow vs deep';

type RunPlan = { experimentId: string; hyperparameters: Hyperparameters; name: string };

/** `nameField`: where the name of what is launched is typed. */
export function useLauncher(
  { form, dataset, values }: LaunchFormState,
  nameField: 'about.name' | 'sweep.name',
) {
  const [createExperiment] = useMutation(CreateExperimentDocument);
  const [launchRun] = useMutation(LaunchRunDocument);
  const [launchSweep] = useMutation(LaunchSweepDocument);
  const isAtExperiment = useRef(false);
  /** Where the launch form has what the API calls so: an experiment and a run both have a name. */
  const places = {
    get name() {
      return isAtExperiment.current ? ('target.experimentName' as const) : nameField;
    },
    notes: 'about.notes',
    tags: 'about.tags',
  } as const;
  const action = useFormAction(form, places);
  return {
    ...action,
    /** The chosen experiment, or a new one that is then chosen. */
    async chooseExperiment({ target }: LaunchOutput, usualName = USUAL_EXPERIMENT): Promise<string> {
      isAtExperiment.current = !target.experimentId;
      if (target.experimentId) return target.experimentId;
      const taken = dataset?.experiments.map(({ name }) => name) ?? [];
      const name = nameExperiment(target.experimentName || usualName, taken);
      const { data } = await createExperiment({
        variables: { input: { datasetId: target.datasetId, taskId: target.taskId || null, name } },
      });
      isAtExperiment.current = false;
      if (!data) throw new Error('The API gave no experiment back.');
      form.setValue('target.experimentId', data.createExperiment.id);
      return data.createExperiment.id;
    },
    async launch(output: LaunchOutput, plan: RunPlan): Promise<string> {
      const { data } = await launchRun({ variables: { input: describeRun(output, plan, values) } });
      if (!data) throw new Error('The API gave no run back.');
      return data.launchRun.id;
    },
    async launchSweep(
      { about }: LaunchOutput,
      { experimentId, request }: { experimentId: string; request: SweepRequest },
    ): Promise<string> {
      const { data } = await launchSweep({
        variables: { input: { experimentId, tags: about.tags, backend: about.backend, ...request } },
      });
      if (!data) throw new Error('The API gave no sweep back.');
      return data.launchSweep.id;
    },
  };
}

function describeRun({ target, about }: LaunchOutput, plan: RunPlan, values: LaunchFormState['values']) {
  const { experimentId, hyperparameters } = plan;
  return {
    experimentId,
    splitId: target.splitId,
    name: plan.name || nameRun({ ...values, ...hyperparameters }),
    hyperparameters,
    notes: about.notes,
    tags: about.tags,
    backend: about.backend,
  };
}
