/** Whether a run has learned anything, as evaluations and runs say it. */
import { LEARNING_STATES, type Learning } from '@microtome/domain/evaluation/learning';
import { builder } from '../../graphql/builder.ts';

const DESCRIPTIONS: Record<Learning['state'], string> = {
  LEARNED: 'Better than chance.',
  NOT_LEARNED: 'No better than chance, or the same probability for every patch.',
  UNKNOWN: 'It cannot be told: one class alone, or too few patches.',
};

export const LearningStateEnum = builder.enumType('LearningState', {
  description: 'Whether a run has learned anything.',
  values: Object.fromEntries(
    LEARNING_STATES.map((state) => [state, { description: DESCRIPTIONS[state] }]),
  ) as Record<Learning['state'], { description: string }>,
});

export const LearningRef = builder.objectRef<Learning>('Learning').implement({
  description:
    'Whether a run has learned anything: AUC above one half by its interval by patient, or with few patients by more than the error of chance. A run that did not is never refused, but marked.',
  fields: (t) => ({
    state: t.expose('state', { type: LearningStateEnum, description: 'The state.' }),
    title: t.exposeString('title', { description: 'The state in one line.' }),
    reason: t.exposeString('reason', { description: 'What decided, as a sentence.' }),
  }),
});
