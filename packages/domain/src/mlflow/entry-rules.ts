/**
 * Which keys, values and names an MLflow client may log: the limits and the wording of MLflow's own server, on which
 * clients rely.
 */
import { AppError } from '../app-error.ts';

const KEY_LENGTH_MAX = 250;
const PARAM_LENGTH_MAX = 6_000;
const RUN_TAG_LENGTH_MAX = 8_000;
const EXPERIMENT_TAG_LENGTH_MAX = 20_000;
const REGISTRY_TAG_LENGTH_MAX = 100_000;
const ALIAS_LENGTH_MAX = 255;
const BATCH_METRICS_MAX = 1_000;
const BATCH_TEXTS_MAX = 100;
const BATCH_ENTRIES_MAX = 1_000;

export type KeyedText = { key: string; value: string };
export type LoggedMetric = { key: string; value: number; timestamp: number; step: number };

const KEY_CHARACTERS = /^[/\p{L}\p{N}\p{M}_.\- :]*$/u;
const ALIAS_CHARACTERS = /^[\w-]*$/;
const TOO_BIG_FOR_TEXTS = { param: PARAM_LENGTH_MAX, tag: RUN_TAG_LENGTH_MAX };
/** PostgreSQL's whole numbers, and the last millisecond that a Date holds. */
const STEP_MAX = 2 ** 31 - 1;
const TIMESTAMP_MAX = 8.64e15;

/** BAD_INPUT for a key that would not stay itself as the path of a file. `path` is where the request has it. */
function checkKey(key: string, path: string): string {
  if (!KEY_CHARACTERS.test(key)) {
    refuseValue(
      path,
      key,
      'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).',
    );
  }
  if (!staysItself(key)) {
    refuseValue(
      path,
      key,
      'Names may be treated as files in certain cases, and must not resolve to other names when treated as such.',
    );
  }
  return checkLength(key, path, KEY_LENGTH_MAX);
}

/** As the path of a file: no empty part, none that is `.` or `..`. */
export function staysItself(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The numbers of a batch. It names few series again and again: each name is looked at once. */
export function checkMetrics(metrics: readonly LoggedMetric[]): void {
  const names = new Set<string>();
  for (const [place, metric] of metrics.entries()) {
    const path = `metrics[${place}]`;
    if (!names.has(metric.key)) checkKey(metric.key, joinPath(path, 'name'));
    names.add(metric.key);
    checkPlace(metric, path);
  }
}

export function checkMetric(metric: LoggedMetric): void {
  checkKey(metric.key, 'name');
  checkPlace(metric, '');
}

function checkPlace(metric: LoggedMetric, path: string): void {
  const { key, timestamp, step } = metric;
  if (!Number.isInteger(timestamp) || timestamp < 0 || timestamp > TIMESTAMP_MAX) {
    const what = `metric '${key}' (value=${metric.value}). Timestamp must be a nonnegative long (64-bit integer) `;
    refuseValue(joinPath(path, 'timestamp'), timestamp, what);
  }
  if (!Number.isInteger(step) || Math.abs(step) > STEP_MAX) {
    const what = `metric '${key}' (value=${metric.value}). Step must be a whole number of at most ${STEP_MAX}.`;
    refuseValue(joinPath(path, 'step'), step, what);
  }
}

/** A parameter or a tag of a run. */
export function checkRunText(kind: 'param' | 'tag', { key, value }: KeyedText, path = ''): KeyedText {
  checkKey(key, joinPath(path, 'key'));
  return { key, value: checkLength(value, joinPath(path, 'value'), TOO_BIG_FOR_TEXTS[kind]) };
}

export function checkExperimentTag({ key, value }: KeyedText): KeyedText {
  return { key: checkKey(key, 'key'), value: checkLength(value, 'value', EXPERIMENT_TAG_LENGTH_MAX) };
}

/** A tag of a registered model, of a version or of a logged model. */
export function checkRegistryTag({ key, value }: KeyedText): KeyedText {
  return { key: checkKey(key, 'key'), value: checkLength(value, 'value', REGISTRY_TAG_LENGTH_MAX) };
}

export function checkBatchSizes(sizes: { metrics: number; params: number; tags: number }): void {
  const { metrics, params, tags } = sizes;
  checkBatchSize('metrics', metrics, BATCH_METRICS_MAX);
  checkBatchSize('params', params, BATCH_TEXTS_MAX);
  checkBatchSize('tags', tags, BATCH_TEXTS_MAX);
  checkBatchSize('metrics, params, and tags', metrics + params + tags, BATCH_ENTRIES_MAX);
}

export function refuseRepeatedParams(params: readonly KeyedText[]): void {
  const twice = params.filter(({ key }, place) => params.findIndex((other) => other.key === key) !== place);
  if (twice.length === 0) return;
  const keys = twice.map(({ key }) => `'${key}'`).join(', ');
  throw new AppError(
    'BAD_INPUT',
    `Duplicate parameter keys have been submitted: [${keys}]. Please ensure the request contains only one param value per param key.`,
  );
}

export function checkModelName(name: string): string {
  if (name.trim() === '') throw new AppError('BAD_INPUT', "Missing value for required parameter 'name'.");
  if (/[/:]/.test(name)) {
    throw new AppError('BAD_INPUT', `Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  }
  if (!staysItself(name)) refuseValue('name', name, 'Names must not resolve to other names.');
  return checkLength(name, 'name', KEY_LENGTH_MAX);
}

export function checkLoggedModelName(name: string): string {
  if (/[/:.%"']/.test(name)) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
    );
  }
  return checkLength(name, 'name', KEY_LENGTH_MAX);
}

/** `latest` and `v3` would stand for a version in addresses of models. */
export function checkAliasName(alias: string): string {
  if (alias === '') throw new AppError('BAD_INPUT', 'Registered model alias name cannot be empty.');
  if (!ALIAS_CHARACTERS.test(alias)) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  if (alias.toLowerCase() === 'latest') {
    throw new AppError('BAD_INPUT', "'latest' alias name (case insensitive) is reserved.");
  }
  if (/^v\d+$/i.test(alias)) throw new AppError('BAD_INPUT', `Version alias name '${alias}' is reserved.`);
  return checkLength(alias, 'Registered model alias name', ALIAS_LENGTH_MAX);
}

export function checkLength(text: string, name: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  throw new AppError('BAD_INPUT', `'${name}' exceeds the maximum length of ${lengthMax} characters`);
}

/** The last of a key counts. */
export function toTextByKey(texts: readonly KeyedText[]): Record<string, string> {
  return Object.fromEntries(texts.map(({ key, value }) => [key, value]));
}

/** BAD_INPUT as MLflow words it, which clients show as it stands. */
export function refuseValue(path: string, value: unknown, reason = ''): never {
  const shown = JSON.stringify(value);
  throw new AppError(
    'BAD_INPUT',
    `Invalid value ${shown} for parameter '${path}' supplied${reason ? `: ${reason}` : '.'}`,
  );
}

function checkBatchSize(what: string, count: number, countMax: number): void {
  if (count <= countMax) return;
  throw new AppError(
    'BAD_INPUT',
    `A batch logging request can contain at most ${countMax} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
  );
}

function joinPath(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
