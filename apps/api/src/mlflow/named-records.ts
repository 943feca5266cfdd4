/**
 * Which records of ours a call names, wherever it names them: in its fields, in the objects of its lists, in its address. What
 * the protocol calls `run_id` is a run in every call, so that a call that is new is held to its projects too.
 */
import { SPLIT_TAG } from '@microtome/domain/mlflow/mlflow-words';

export type NamedRecords = {
  run: string[];
  experiment: string[];
  loggedModel: string[];
  split: string[];
  /** By name. */
  registeredModel: string[];
};

const NOUN_OF: Readonly<Record<string, keyof NamedRecords>> = {
  run_id: 'run',
  run_uuid: 'run',
  run_ids: 'run',
  experiment_id: 'experiment',
  model_id: 'loggedModel',
  [SPLIT_TAG]: 'split',
};
/** Lists that take no notice of what is not there: their statements hold to what is seen. */
const BY_STATEMENT = /^\/metrics\/get-history-bulk$/;
/** A version keeps the run that its client names as a text, also one of another server. */
const OF_REGISTRY = /^\/(registered-models|model-versions)\//;
const MAKES_OR_SEARCHES = /^\/(registered-models\/(create|search)|model-versions\/search)$/;

export function collectNames(path: string, values: Record<string, unknown>): NamedRecords {
  const named: NamedRecords = { run: [], experiment: [], loggedModel: [], split: [], registeredModel: [] };
  if (BY_STATEMENT.test(path)) return named;
  const isOfRegistry = OF_REGISTRY.test(path);
  walk(values, (key, text) => {
    const noun = Object.hasOwn(NOUN_OF, key) ? NOUN_OF[key] : undefined;
    if (noun && text !== '' && !(isOfRegistry && noun === 'run')) named[noun].push(text);
  });
  const { name } = values;
  if (isOfRegistry && !MAKES_OR_SEARCHES.test(path) && typeof name === 'string')
    named.registeredModel.push(name);
  return named;
}

/**
 * Each text with its key; of `{"key": k, "value": v}`, as tags are written, k with v. Batches have thousands of values, hence
 * loops that make no lists of them.
 */
function walk(value: unknown, visit: (key: string, text: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const entry of value) walk(entry, visit);
    return;
  }
  const object = value as Record<string, unknown>;
  const { key: tag, value: text } = object;
  if (tag === SPLIT_TAG && typeof text === 'string') visit(tag, text);
  for (const key in object) {
    const inner = object[key];
    if (typeof inner === 'string') visit(key, inner);
    if (typeof inner !== 'object' || inner === null) continue;
    if (Array.isArray(inner)) for (const one of inner) if (typeof one === 'string') visit(key, one);
    walk(inner, visit);
  }
}
