/**
 * Objects of answers that are kept for as long as the revision of what they were made of stays, so that a page of rows that were
 * shown before is put together of them. The database counts it in the commit that changes what is shown; what is asked for in another way is another object.
 */
import type { GraphQLResolveInfo } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FieldPlan, ObjectPlan, ValuePlan } from './plan-operation.ts';

/** As JSON writes them. */
const KEPT_CHARACTERS = 32_000_000;

type AnswerObject = Record<string, unknown>;

/** What a resolver is told of its place in a plan, beside what graphql-js tells. */
export type PlannedInfo = GraphQLResolveInfo & { planned?: Planned };
type Planned = { field: FieldPlan; readArguments(field: FieldPlan): Record<string, unknown> };

/** In place of a value whose object is there already. */
export class KnownObject {
  readonly id: string;
  readonly object: AnswerObject;

  constructor(id: string, object: AnswerObject) {
    this.id = id;
    this.object = object;
  }
}

/** In place of a value whose object is to be kept, if nothing of it fails or waits. */
export class NewObject {
  readonly id: string;
  readonly source: object;
  readonly keep: (object: AnswerObject) => void;

  constructor(id: string, source: object, keep: (object: AnswerObject) => void) {
    this.id = id;
    this.source = source;
    this.keep = keep;
  }
}

export type KeptObjects = {
  find(id: string, revision: string): KnownObject | null;
  wrap(id: string, revision: string, source: object): NewObject;
};

const objects = new LRUCache<string, { revision: string; object: AnswerObject }>({
  maxSize: KEPT_CHARACTERS,
  sizeCalculation: ({ object }) => JSON.stringify(object).length,
});
const numbers = new WeakMap<ObjectPlan, number>();
let lastNumber = 0;

/** Those of the objects at a path beneath a field, as they are asked for there; null where that is not planned, or asked for twice. */
export function openKeptObjects(info: PlannedInfo, path: readonly string[]): KeptObjects | null {
  const { planned } = info;
  const plan = planned && findObject(planned.field.value, path);
  if (!plan) return null;
  const number = numbers.get(plan) ?? ++lastNumber;
  numbers.set(plan, number);
  const asked = JSON.stringify(plan.fields.map((field) => planned.readArguments(field)));
  const nameKey = (id: string) => `${number} ${id} ${asked}`;
  return {
    find(id, revision) {
      const known = objects.get(nameKey(id));
      return known?.revision === revision ? new KnownObject(id, known.object) : null;
    },
    wrap: (id, revision, source) =>
      new NewObject(id, source, (object) => objects.set(nameKey(id), { revision, object })),
  };
}

function findObject(value: ValuePlan, path: readonly string[]): ObjectPlan | null {
  if (value.kind === 'LIST') return findObject(value.item, path);
  if (value.kind !== 'OBJECT') return null;
  const [next, ...rest] = path;
  if (next === undefined) return value.object;
  const named = value.object.fields.filter(({ field }) => field.name === next);
  return named.length === 1 ? findObject(named[0]!.value, rest) : null;
}
