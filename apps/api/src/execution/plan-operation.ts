/**
 * A query laid out for answering: which fields each object has, by which resolver, and what their values are, found once a
 * document and not once a row. What is not laid out (directives, introspection, changes) is answered by graphql-js.
 */
import {
  type DocumentNode,
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

export type ValuePlan = {
  /** Null may not be. */
  isRequired: boolean;
} & (
  | { kind: 'LEAF'; type: GraphQLLeafType }
  | { kind: 'LIST'; item: ValuePlan }
  | { kind: 'OBJECT'; object: ObjectPlan }
  | { kind: 'ABSTRACT'; type: GraphQLAbstractType; objects: ReadonlyMap<string, ObjectPlan> }
);

export type FieldPlan = {
  /** As the answer names it. */
  key: string;
  field: Field;
  nodes: readonly [FieldNode, ...FieldNode[]];
  resolve: GraphQLFieldResolver<unknown, unknown>;
  /** Its place among all fields of the operation, by which its arguments are kept. */
  number: number;
  value: ValuePlan;
};

export type ObjectPlan = { type: GraphQLObjectType; fields: readonly FieldPlan[] };

export type OperationPlan = {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Record<string, FragmentDefinitionNode>;
  root: ObjectPlan;
  fieldCount: number;
};

type Planning = Pick<OperationPlan, 'schema' | 'fragments'> & { fieldCount: number };

/** What is left to graphql-js. */
class NotPlannedError extends Error {}

/** Null where it is not laid out. The document must be valid. */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): OperationPlan | null {
  const operation = getOperationAST(document, operationName);
  const type = schema.getQueryType();
  if (operation?.operation !== 'query' || !type || operation.directives?.length) return null;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  const planning: Planning = { schema, fragments, fieldCount: 0 };
  try {
    const root = planObject(type, [operation.selectionSet], planning);
    return { schema, operation, fragments, root, fieldCount: planning.fieldCount };
  } catch (error) {
    if (error instanceof NotPlannedError) return null;
    throw error;
  }
}

function planObject(
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
  planning: Planning,
): ObjectPlan {
  // Whoever asks whether a value is of it would have to be asked for each value.
  if (type.isTypeOf) throw new NotPlannedError();
  const grouped = new Map<string, [FieldNode, ...FieldNode[]]>();
  const seen = new Set<string>();
  for (const { selections } of selectionSets) collect(selections, { type, grouped, seen, planning });
  const fields = [...grouped].map(([key, nodes]) => planField(type, { key, nodes, planning }));
  return { type, fields };
}

type Collecting = {
  type: GraphQLObjectType;
  grouped: Map<string, [FieldNode, ...FieldNode[]]>;
  seen: Set<string>;
  planning: Planning;
};

function collect(selections: readonly SelectionNode[], collecting: Collecting): void {
  const { type, grouped, seen, planning } = collecting;
  for (const selection of selections) {
    if (selection.directives?.length) throw new NotPlannedError();
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      // It is no ordinary name of a plain object.
      if (key === '__proto__') throw new NotPlannedError();
      const known = grouped.get(key);
      if (known) known.push(selection);
      else grouped.set(key, [selection]);
      continue;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const { value } = selection.name;
      if (seen.has(value)) continue;
      seen.add(value);
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : planning.fragments[selection.name.value];
    if (inner?.directives?.length) throw new NotPlannedError();
    if (inner && fits(type, inner.typeCondition?.name.value, planning.schema))
      collect(inner.selectionSet.selections, collecting);
  }
}

function fits(type: GraphQLObjectType, condition: string | undefined, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

type Grouped = { key: string; nodes: [FieldNode, ...FieldNode[]]; planning: Planning };

function planField(parent: GraphQLObjectType, { key, nodes, planning }: Grouped): FieldPlan {
  const { value: name } = nodes[0].name;
  const field = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parent.getFields()[name];
  if (!field) throw new NotPlannedError();
  return {
    key,
    field,
    nodes,
    resolve: field.resolve ?? defaultFieldResolver,
    number: planning.fieldCount++,
    value: planValue(field.type, nodes, planning),
  };
}

function planValue(type: GraphQLOutputType, nodes: readonly FieldNode[], planning: Planning): ValuePlan {
  if (isNonNullType(type)) return { ...planValue(type.ofType, nodes, planning), isRequired: true };
  const isRequired = false;
  if (isListType(type)) return { kind: 'LIST', isRequired, item: planValue(type.ofType, nodes, planning) };
  if (isLeafType(type)) return { kind: 'LEAF', isRequired, type };
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const named = getNamedType(type);
  if (isObjectType(named))
    return { kind: 'OBJECT', isRequired, object: planObject(named, selectionSets, planning) };
  const possible = planning.schema.getPossibleTypes(named as GraphQLAbstractType);
  const objects = new Map(possible.map((one) => [one.name, planObject(one, selectionSets, planning)]));
  return { kind: 'ABSTRACT', isRequired, type: named as GraphQLAbstractType, objects };
}
