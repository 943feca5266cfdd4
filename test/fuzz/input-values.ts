/** Values for an input type: hostile ones, mostly of the type itself so that they get past it, and sound ones. */

import { promotionPolicyJsonSchema } from '@microtome/domain/promotion/promotion-policy';
import { hyperparameterJsonSchema } from '@microtome/domain/run/hyperparameters';
import fc, { type GeneratorValue } from 'fast-check';
import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import type { KnownIds } from './fuzz-bench.ts';
import { encodeCursor, hostileNumbers, hostileTexts, hostileValues } from './hostile-values.ts';

const LONG_LIST = 500;
const LIST_LENGTHS = [0, 1, 2, 3, 3, LONG_LIST];
/** By the name of argument or field; what is not listed gets a name that is not in use. */
const SOUND_TEXTS: Record<string, readonly string[]> = {
  alias: ['champion', 'challenger'],
  architecture: ['deep'],
  backend: ['auto', 'onnx'],
  metric: ['auc', 'sensitivity'],
  names: ['train.loss', 'validation.auc'],
  negative: ['not IDC'],
  positive: ['IDC'],
  search: ['deep', '1', 'a'],
  tag: ['baseline'],
};
const SOUND_JSON: Record<string, readonly unknown[]> = {
  base: [{}, { epochs: 1 }, { width: 0.25, epochs: 2 }],
  hyperparameters: [{}, { epochs: 1 }, { architecture: 'deep', learningRate: 0.001 }],
  policy: [{}, { maximumEce: 0.2 }],
  space: [{ batchSize: [8, 16] }, { learningRate: { low: 0.001, high: 0.1, log: true } }],
};
const SOUND_NUMBER_MAX = 20;
const JSON_NAMES = [
  ...listProperties(hyperparameterJsonSchema()),
  ...listProperties(promotionPolicyJsonSchema()),
];

const ranges = fc.record(
  { low: hostileValues, high: hostileValues, log: hostileValues, whole: hostileValues },
  { requiredKeys: [] },
);
/** Names that mean something, with values that do not. */
const knownObjects = fc.dictionary(
  fc.constantFrom(...JSON_NAMES),
  fc.oneof(hostileValues, ranges, fc.array(hostileValues, { maxLength: 3 })),
  { minKeys: 1, maxKeys: 3 },
);
const hostileJson = fc.oneof(knownObjects, hostileValues);

export function drawHostile(g: GeneratorValue, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (g(fc.nat, { max: 9 }) === 0 || isInputObjectType(nullable) || isEnumType(nullable)) {
    return g(() => hostileValues);
  }
  if (isListType(nullable)) {
    const length = g(() => fc.constantFrom(...LIST_LENGTHS));
    const values = Array.from({ length: Math.min(length, 3) }, () => drawHostile(g, nullable.ofType));
    return Array.from({ length }, (_, at) => values[at % values.length]);
  }
  switch (nullable.name) {
    case 'Int':
    case 'Float':
      return g(() => hostileNumbers);
    case 'Boolean':
      return g(() => hostileValues);
    case 'JSON':
      return g(() => hostileJson);
    default:
      return g(() => hostileTexts);
  }
}

/** `name` is that of the argument or input field, `fieldName` of the field that it is given to. */
export function drawSound(
  g: GeneratorValue,
  type: GraphQLInputType,
  { known, name, fieldName }: { known: KnownIds; name: string; fieldName: string },
): unknown {
  if (isEnumType(type)) return g(() => fc.constantFrom(...type.getValues().map((value) => value.name)));
  switch ('name' in type ? type.name : '') {
    case 'ID':
      return g(() => fc.constantFrom(...listIds(known, name, fieldName)));
    case 'Int':
      return g(() => fc.integer({ min: 1, max: SOUND_NUMBER_MAX }));
    case 'Float':
      return g(() => fc.constantFrom(0.2, 0.3, 0.6, 1));
    case 'Boolean':
      return g(() => fc.boolean());
    case 'JSON':
      return g(() => fc.constantFrom(...(SOUND_JSON[name] ?? [{}])));
    default:
      return drawText(g, known, name);
  }
}

function drawText(g: GeneratorValue, known: KnownIds, name: string): string {
  if (name === 'after' || name === 'before') {
    return g(() => fc.constantFrom(...Object.values(known).flat().map(encodeCursor)));
  }
  const texts = SOUND_TEXTS[name];
  return texts ? g(() => fc.constantFrom(...texts)) : `name-${g(fc.nat)}`;
}

/** Of the kind that the argument names; of an `id`, that its field names last; or else any. */
function listIds(known: KnownIds, name: string, fieldName: string): string[] {
  const named = known[name.replace(/s$/, '')];
  if (named) return named;
  if (name === 'referenceId' || name === 'settingOf') return known.runId!;
  const within = fieldName.toLowerCase();
  const place = (key: string) => within.lastIndexOf(key.replace(/Id$/, '').toLowerCase());
  const [key] = Object.keys(known)
    .filter((one) => one.endsWith('Id') && place(one) >= 0)
    .sort((a, b) => place(b) - place(a));
  return key ? known[key]! : Object.values(known).flat();
}

function listProperties(schema: Record<string, unknown>): string[] {
  return Object.keys(schema.properties as object);
}
