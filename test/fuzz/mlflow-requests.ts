/** Calls of MLflow's protocol drawn from its list of calls: fields that fit and fields that do not, filters, paths of files. */
import fc from 'fast-check';
import { CALLS_ROOT, MLFLOW_CALLS } from '../../apps/api/src/mlflow/mlflow-calls.ts';
import { hostileTexts, hostileValues, writeRawNumbers } from './hostile-values.ts';

export type MlflowRequest = { method: string; path: string; body: string | null };
/** Values that are there, by the names of the fields that they fit. */
export type KnownValues = Record<string, readonly string[]>;

const STORE = '/mlflow/api/2.0/mlflow-artifacts/artifacts';
const TEXT_FIELDS = [
  ...[
    'run_id',
    'run_uuid',
    'experiment_id',
    'experiment_name',
    'name',
    'new_name',
    'key',
    'value',
    'alias',
    'version',
  ],
  ...[
    'stage',
    'source',
    'model_id',
    'description',
    'metric_key',
    'path',
    'page_token',
    'run_name',
    'user_id',
    'status',
  ],
  ...['model_json', 'artifact_location', 'source_run_id', 'model_type', 'view_type', 'run_link'],
];
const NUMBER_FIELDS = [
  'timestamp',
  'step',
  'start_time',
  'end_time',
  'max_results',
  'start_step',
  'end_step',
];
const LIST_FIELDS = ['experiment_ids', 'order_by', 'run_ids', 'stages'];
const NUMBERS = [
  0,
  1,
  -1,
  5,
  1.5,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  1e15,
  8.64e15,
  8.64e15 + 1,
  1e300,
  '7',
  'NaN',
];
const CLAUSES = [
  ...['metrics.a > 0.5', "params.a = 'x'", "tags.`a b` ILIKE '%'", "name LIKE 'a\\'", "run_id IN ('a', 'b')"],
  ...[
    "status != 'x'",
    'start_time > 1e300',
    'tags.a IS NULL',
    "datasets.name = 'x'",
    "dataset.context IN ('a')",
    "a = 'b'",
  ],
  ...[
    'metrics.a > 1e999',
    'version_number = 1',
    'last_update_time < -1',
    'attributes.creation_time >= 0.5',
    "'",
  ],
];
const ORDERS = [
  'metrics.a DESC',
  'name',
  'start_time ASC',
  'params.`a`',
  'timestamp desc',
  'tags.a',
  'a b c',
  'DESC',
];

export function drawMlflowRequests(known: KnownValues): fc.Arbitrary<MlflowRequest> {
  const any = Object.values(known).flat();
  const textOf = (field: string) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...(known[field] ?? any)) },
      { weight: 1, arbitrary: fc.constantFrom(...any) },
      { weight: 2, arbitrary: hostileTexts },
    );
  const filters = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...CLAUSES), { maxLength: 3 }).map((all) => all.join(' and ')),
    },
    { weight: 1, arbitrary: hostileTexts },
  );
  const pairs = fc.array(fc.record({ key: textOf('key'), value: fc.oneof(textOf('value'), hostileValues) }), {
    maxLength: 3,
  });
  const metrics = fc.array(
    fc.record(
      {
        key: textOf('key'),
        value: fc.constantFrom<unknown>(...NUMBERS),
        timestamp: fc.constantFrom<unknown>(...NUMBERS),
        step: fc.constantFrom<unknown>(...NUMBERS),
      },
      { requiredKeys: ['key', 'value', 'timestamp'] },
    ),
    { maxLength: 3 },
  );
  const dataset = fc.record({
    name: textOf('name'),
    digest: fc.constantFrom('d', 'x'.repeat(40)),
    source_type: hostileTexts,
    source: hostileTexts,
  });
  const fields: Record<string, fc.Arbitrary<unknown>> = {
    ...Object.fromEntries(TEXT_FIELDS.map((field) => [field, textOf(field)])),
    ...Object.fromEntries(NUMBER_FIELDS.map((field) => [field, fc.constantFrom<unknown>(...NUMBERS)])),
    ...Object.fromEntries(
      LIST_FIELDS.map((field) => [field, fc.array(textOf(field.replace(/s$/, '')), { maxLength: 3 })]),
    ),
    filter: filters,
    order_by: fc.array(fc.oneof(fc.constantFrom(...ORDERS), hostileTexts), { maxLength: 3 }),
    tags: pairs,
    params: pairs,
    metrics,
    datasets: fc.array(fc.record({ dataset, tags: pairs }), { maxLength: 2 }),
    models: fc.array(fc.record({ model_id: textOf('model_id') }), { maxLength: 2 }),
    artifact_directory_path: textOf('path'),
    archive_existing_versions: fc.boolean(),
  };
  const entries = Object.entries(fields).map(([name, fitting]) =>
    fc
      .oneof({ weight: 8, arbitrary: fitting }, { weight: 1, arbitrary: hostileValues })
      .map((value) => [name, value] as const),
  );
  const bodies = fc
    .shuffledSubarray(entries, { minLength: 1, maxLength: 12 })
    .chain((chosen) => fc.tuple(...chosen))
    .map((chosen) => Object.fromEntries([...fixed(known), ...chosen]));
  return fc.oneof(
    { weight: 9, arbitrary: calls(bodies, textOf) },
    { weight: 1, arbitrary: files(known, textOf) },
  );
}

/** What most calls need: without it they would be refused before they look at anything else. */
function fixed(known: KnownValues): [string, string][] {
  return ['run_id', 'experiment_id', 'name', 'key', 'version'].map((field) => [field, known[field]![0]!]);
}

function calls(
  bodies: fc.Arbitrary<Record<string, unknown>>,
  textOf: (field: string) => fc.Arbitrary<string>,
): fc.Arbitrary<MlflowRequest> {
  return fc.constantFrom(...MLFLOW_CALLS).chain(({ methods, path }) =>
    fc
      .record({ method: fc.constantFrom(...methods), body: bodies, inPath: textOf('model_id') })
      .map(({ method, body, inPath }) => {
        const place = `/mlflow${CALLS_ROOT}${path.replaceAll(/:\w+/g, writePart(inPath))}`;
        if (method !== 'GET') return { method, path: place, body: writeRawNumbers(JSON.stringify(body)) };
        const query = Object.entries(body).flatMap(([name, value]) =>
          [value]
            .flat()
            .map(
              (one) => `${name}=${writePart(typeof one === 'string' ? one : String(JSON.stringify(one)))}`,
            ),
        );
        return { method, path: `${place}?${query.join('&')}`, body: null };
      }),
  );
}

function files(
  known: KnownValues,
  textOf: (field: string) => fc.Arbitrary<string>,
): fc.Arbitrary<MlflowRequest> {
  const places = fc.oneof(
    fc.constant(`0/${known.run_id![0]}/artifacts`),
    fc.constant(`0/models/${known.model_id![0]}/artifacts`),
    textOf('path'),
  );
  return fc
    .record({
      method: fc.constantFrom('GET', 'PUT', 'DELETE'),
      place: places,
      inside: textOf('path'),
      isList: fc.boolean(),
    })
    .map(({ method, place, inside, isList }) => {
      const path = [...place.split('/'), inside].map(writePart).join('/');
      if (isList && method === 'GET')
        return { method, path: `${STORE}?path=${writePart(`${place}/${inside}`)}`, body: null };
      return { method, path: `${STORE}/${path}`, body: method === 'PUT' ? inside : null };
    });
}

/** In per cent signs; what cannot be written so goes as bytes that are no UTF-8. */
function writePart(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ed%a0%80';
}
