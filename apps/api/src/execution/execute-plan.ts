/**
 * Answers a query by its plan, as the specification has it: what fails is null, or takes with it what may not lack it, and says so.
 * Arguments are read once a query, and a promise is waited for only where a resolver gives one: of a page of a hundred rows, a
 * thousand fields cost little more than their values.
 */
import {
  defaultTypeResolver,
  type ExecutionResult,
  GraphQLError,
  type GraphQLResolveInfo,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { readArguments as readFieldArguments } from '../graphql/read-arguments.ts';
import { KnownObject, NewObject, type PlannedInfo } from './kept-objects.ts';
import type { FieldPlan, ObjectPlan, OperationPlan, ValuePlan } from './plan-operation.ts';
import { keepHolders, standKnown } from './write-answer.ts';

type Path = GraphQLResolveInfo['path'];
type Container = Record<string | number, unknown>;

/** Where an object or a list stands in the answer. */
type Place = {
  /** Null: it is the answer itself. */
  above: Place | null;
  into: Container;
  key: string | number;
  isRequired: boolean;
  /** It is null now, whatever comes of what was asked beneath it. */
  isLost: boolean;
  path: Path | undefined;
};

/** A field's value: what it may be, and how it is called. */
type Asked = { parent: ObjectPlan; field: FieldPlan; info: GraphQLResolveInfo };

type Run = {
  plan: OperationPlan;
  contextValue: unknown;
  variableValues: Record<string, unknown>;
  /** By the number of a field. */
  arguments: (Record<string, unknown> | undefined)[];
  readArguments(field: FieldPlan): Record<string, unknown>;
  errors: GraphQLError[];
  holders: Set<object>;
  /** What was begun and is not there yet. */
  waiting: number;
  finish(): void;
};

const NO_ARGUMENTS = Object.freeze({});

export function executePlan(
  plan: OperationPlan,
  { contextValue, variableValues }: Pick<Run, 'contextValue' | 'variableValues'>,
): Promise<ExecutionResult> {
  return new Promise((resolve) => {
    const answer: Container = {};
    const run: Run = {
      plan,
      contextValue,
      variableValues,
      arguments: new Array(plan.fieldCount),
      readArguments: (field) => readArguments(run, field),
      errors: [],
      holders: new Set(),
      // Until all that does not wait is there.
      waiting: 1,
      finish() {
        const data = answer.data as Record<string, unknown> | null;
        if (data) keepHolders(data, run.holders);
        resolve(run.errors.length > 0 ? { errors: run.errors, data } : { data });
      },
    };
    const place: Place = {
      above: null,
      into: answer,
      key: 'data',
      isRequired: false,
      isLost: false,
      path: undefined,
    };
    answer.data = completeObject(run, plan.root, undefined, place);
    settle(run);
  });
}

function settle(run: Run): void {
  run.waiting -= 1;
  if (run.waiting === 0) run.finish();
}

/** Null where one of its fields may not be null and is. */
function completeObject(run: Run, object: ObjectPlan, source: unknown, place: Place): Container | null {
  if (source instanceof KnownObject) return standKnown(source, run.holders, place);
  if (source instanceof NewObject) return completeKept(run, object, source, place);
  const into: Container = {};
  for (const field of object.fields) {
    // Its key stands where it was asked for, whenever its value comes.
    into[field.key] = null;
    resolveField(run, { object, field, source, into, place });
    if (place.isLost) return null;
  }
  return into;
}

/** Kept where all of it was there at once. */
function completeKept(run: Run, object: ObjectPlan, { source, keep }: NewObject, place: Place) {
  const { waiting, errors } = run;
  const errorCount = errors.length;
  const made = completeObject(run, object, source, place);
  if (made && run.waiting === waiting && errors.length === errorCount) keep(made);
  return made;
}

type Resolving = { object: ObjectPlan; field: FieldPlan; source: unknown; into: Container; place: Place };

function resolveField(run: Run, { object, field, source, into, place }: Resolving): void {
  const path: Path = { prev: place.path, key: field.key, typename: object.type.name };
  const info = describeField(run, { object, field, path });
  const asked = { parent: object, field, info };
  const target = { into, key: field.key, above: place, path };
  try {
    const value = field.resolve(source, readArguments(run, field), run.contextValue, info);
    receive(run, { asked, plan: field.value, value, target });
  } catch (error) {
    fail(run, { asked, plan: field.value, error, target });
  }
}

function describeField(
  run: Run,
  { object, field, path }: { object: ObjectPlan; field: FieldPlan; path: Path },
): PlannedInfo {
  const { schema, fragments, operation } = run.plan;
  return {
    planned: field.value.kind === 'LEAF' ? undefined : { field, readArguments: run.readArguments },
    fieldName: field.field.name,
    fieldNodes: field.nodes,
    returnType: field.field.type,
    parentType: object.type,
    path,
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues: run.variableValues,
  };
}

/** The same for all rows of a page: a resolver does not change them. */
function readArguments(run: Run, { field, nodes, number }: FieldPlan): Record<string, unknown> {
  if (field.args.length === 0) return NO_ARGUMENTS;
  const known = run.arguments[number];
  if (known) return known;
  const read = readFieldArguments({ field, node: nodes[0] }, run.variableValues);
  run.arguments[number] = read;
  return read;
}

type Target = Pick<Place, 'into' | 'key' | 'path'> & { above: Place };
type Receiving = { asked: Asked; plan: ValuePlan; value: unknown; target: Target };

/** Puts a value where it belongs, at once or when it is there. */
function receive(run: Run, { asked, plan, value, target }: Receiving): void {
  if (!isPromise(value)) target.into[target.key] = complete(run, { asked, plan, value, target });
  else
    waitFor(run, { asked, plan, value, target }, (given) =>
      complete(run, { asked, plan, value: given, target }),
    );
}

type Awaiting = Omit<Receiving, 'value'> & { value: Promise<unknown> };

/** What comes for a part of the answer that is null by then is let go, and so is what it says of itself. */
function waitFor(
  run: Run,
  { asked, plan, value, target }: Awaiting,
  take: (given: unknown) => unknown,
): void {
  run.waiting += 1;
  const put = (given: unknown) => {
    try {
      if (!isDetached(target.above)) target.into[target.key] = take(given);
    } catch (error) {
      fail(run, { asked, plan, error, target });
    }
    settle(run);
  };
  value.then(put, (error: unknown) => {
    if (!isDetached(target.above)) fail(run, { asked, plan, error, target });
    settle(run);
  });
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** @throws for a leaf or null that may not be */
function complete(run: Run, { asked, plan, value, target }: Receiving): unknown {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (!plan.isRequired) return null;
    const { parent, field } = asked;
    throw new Error(`Cannot return null for non-nullable field ${parent.type.name}.${field.field.name}.`);
  }
  switch (plan.kind) {
    case 'LEAF':
      return serialize(plan, value);
    case 'LIST':
      return completeList(run, { asked, plan, value, target });
    case 'OBJECT':
      return completeObject(run, plan.object, value, takePlace(target, plan));
    default:
      return completeAbstract(run, { asked, plan, value, target });
  }
}

function serialize({ type }: Extract<ValuePlan, { kind: 'LEAF' }>, value: unknown): unknown {
  const given = type.serialize(value);
  if (given !== null && given !== undefined) return given;
  throw new Error(`Expected '${type.name}.serialize' to return non-nullable value, returned: ${given}.`);
}

function takePlace({ above, into, key, path }: Target, { isRequired }: ValuePlan): Place {
  return { above, into, key, isRequired, isLost: false, path };
}

type Completing<Kind extends ValuePlan['kind']> = Receiving & { plan: Extract<ValuePlan, { kind: Kind }> };

function completeList(run: Run, { asked, plan, value, target }: Completing<'LIST'>): unknown[] | null {
  if (typeof value !== 'object' || !(Symbol.iterator in (value as object))) {
    const { parent, field } = asked;
    const name = `${parent.type.name}.${field.field.name}`;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
  }
  const place = takePlace(target, plan);
  const into: unknown[] = [];
  let at = 0;
  for (const item of value as Iterable<unknown>) {
    const path: Path = { prev: target.path, key: at, typename: undefined };
    const own = { into: into as unknown as Container, key: at, above: place, path };
    into.push(null);
    try {
      receive(run, { asked, plan: plan.item, value: item, target: own });
    } catch (error) {
      fail(run, { asked, plan: plan.item, error, target: own });
    }
    if (place.isLost) return null;
    at += 1;
  }
  return into;
}

function completeAbstract(run: Run, { asked, plan, value, target }: Completing<'ABSTRACT'>): unknown {
  const resolveType = plan.type.resolveType ?? defaultTypeResolver;
  const name = resolveType(value, run.contextValue, asked.info, plan.type);
  const completeAs = (given: unknown) => completeNamed(run, { asked, plan, value, target }, given);
  if (!isPromise(name)) return completeAs(name);
  waitFor(run, { asked, plan, value: name, target }, completeAs);
  return null;
}

function completeNamed(
  run: Run,
  { asked, plan, value, target }: Completing<'ABSTRACT'>,
  name: unknown,
): Container | null {
  const object = typeof name === 'string' ? plan.objects.get(name) : undefined;
  if (object) return completeObject(run, object, value, takePlace(target, plan));
  const { parent, field } = asked;
  throw new GraphQLError(
    `Abstract type "${plan.type.name}" was resolved to "${String(name)}", which is none of its types, at field "${parent.type.name}.${field.field.name}".`,
  );
}

function fail(
  run: Run,
  { asked, plan, error, target }: { asked: Asked; plan: ValuePlan; error: unknown; target: Target },
): void {
  const path = target.path && responsePathAsArray(target.path);
  run.errors.push(locatedError(error, asked.field.nodes, path));
  if (plan.isRequired) lose(target.above);
  else target.into[target.key] = null;
}

/** Null is where it may be, which is the answer itself at last. */
function lose(place: Place): void {
  place.isLost = true;
  if (place.isRequired && place.above) lose(place.above);
  else place.into[place.key] = null;
}

function isDetached(place: Place): boolean {
  for (let above: Place | null = place; above; above = above.above) if (above.isLost) return true;
  return false;
}
