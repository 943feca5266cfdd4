/**
 * Objects of answers that are kept with the revision of the runs that they were made of: a page of runs that were shown before is put
 * together of them. What is asked for in another way is another object.
 */
import type { RevisedRun } from '@microtome/store/run/run-revision';
import type { Store } from '@microtome/store/store';
import type { GraphQLResolveInfo } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FieldPlan, ObjectPlan, ValuePlan } from './plan-operation.ts';
import { type KeptOfRuns, RevisedCache } from './revised-cache.ts';

/** As JSON writes them. */
const KEPT_CHARACTERS = 32_000_000;

type AnswerObject = Record<string, unknown>;

/** What a resolver is told of its place in a plan, beside what graphql-js tells. */
export type PlannedInfo = GraphQLResolveInfo & { planned?: Planned };
type Planned = { field: FieldPlan; readArguments(field: FieldPlan): Record<string, unknown> };

/** In place of a value whose object was written before, in the answer too. */
export class KnownObject {
  readonly id: string;
  /** As JSON. */
  readonly text: string;

  constructor(id: string, text: string) {
    this.id = id;
    this.text = text;
  }

  /** For who reads the answer in place of writing it. */
  toJSON(): unknown {
    return JSON.parse(this.text);
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
  /** What takes the place of each run, by id: those that are not there are to be read, and wrapped. */
  find(store: Pick<Store, 'database'>, runs: readonly RevisedRun[]): Promise<KeptOfRuns<KnownObject>>;
  wrap(run: RevisedRun, source: object): NewObject;
};

const objects = new RevisedCache<KnownObject>(KEPT_CHARACTERS, ({ text }) => text.length);
const numbers = new WeakMap<ObjectPlan, number>();
const askedNumbers = new LRUCache<string, number>({ max: 1_000 });
let lastNumber = 0;

/** A short name for what is asked of each run of a page; what was not asked for long gets another. */
function numberAsked(text: string): number {
  const known = askedNumbers.get(text) ?? ++lastNumber;
  askedNumbers.set(text, known);
  return known;
}

/** Those of the objects at a path beneath a field, as they are asked for there; null where that is not planned, or asked for twice. */
export function openKeptObjects(info: PlannedInfo, path: readonly string[]): KeptObjects | null {
  const { planned } = info;
  const plan = planned && findObject(planned.field.value, path);
  if (!plan) return null;
  const number = numbers.get(plan) ?? ++lastNumber;
  numbers.set(plan, number);
  const asked = numberAsked(`${number} ${JSON.stringify(plan.fields.map(planned.readArguments))}`);
  const nameKey = (id: string) => `${asked} ${id}`;
  return {
    find: (store, runs) => objects.find(store, runs, nameKey),
    wrap: (run, source) =>
      new NewObject(run.id, source, (object) =>
        objects.keep(nameKey(run.id), run, new KnownObject(run.id, JSON.stringify(object))),
      ),
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
