/**
 * What changes something and has no entry in the audit log, each with the reason. Whatever is not named here is on record: a
 * field of Mutation, a route that is no GET, a call of MLflow's protocol that writes.
 */

const MEASURED = 'What a run measures is no act: it stands in the run, only added to, with its time.';
const SIGN_OF_LIFE = 'A sign of life changes nothing but its own time.';
const BY_ITSELF = 'It has an entry of its own, also for a person who has no account yet.';

export const UNRECORDED: Readonly<Record<string, string>> = {
  'Mutation.heartbeatRun': SIGN_OF_LIFE,
  'Mutation.logMetrics': MEASURED,
  'Mutation.logText': MEASURED,
  'POST /auth/link': BY_ITSELF,
  'POST /auth/password': BY_ITSELF,
  'POST /graphql': 'Each mutation in it has an entry of its own.',
  'POST /runs/:runId/metrics': MEASURED,
  'PUT /uploads/:id': 'A chunk is a part of an upload, whose beginning and import have entries of their own.',
  'mlflow /runs/log-batch': MEASURED,
  'mlflow /runs/log-metric': MEASURED,
  ...Object.fromEntries(
    ['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [
      `${method} /mlflow/*path`,
      'Each call in it that writes has an entry of its own, by the name of the call.',
    ]),
  ),
};

/** `Mutation.name`, `METHOD /path/:of/the/table` or `mlflow /call`. */
export function isRecorded(act: string): boolean {
  return !Object.hasOwn(UNRECORDED, act);
}
