/**
 * What a document may cost, counted before it runs: how many objects its answer can have, ten plain values as much as one of them, lists inside lists
 * multiplied. Libraries for this walk a fragment once for every place that names it, which a document of fragments
 * that name each other twice makes endless; here each is counted once for each length of the list around it.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { measureIntrospection } from './introspection-sizes.ts';
import { FIELD_WEIGHTS, LIST_SIZES } from './list-sizes.ts';
import { DEFAULT_PAGE_SIZE, readPageSize } from './page-size.ts';

type Cost = {
  objects: number;
  /** From the root to the list that brings most of them; empty without a list. */
  costliest: readonly string[];
};

type FieldVisit = { field: GraphQLField<unknown, unknown>; node: FieldNode };

type CostMeter = {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The arguments of one field as it is asked for; throws on those that are refused. */
  readArguments(visit: FieldVisit): Readonly<Record<string, unknown>>;
  introspection: Readonly<Record<string, number>>;
  counted: Map<string, Cost>;
};

type Place = { type: GraphQLNamedType /** Entries of the page whose `edges` are below. */; pageSize: number };

/** Most of a query's work is finding its objects; what they show is read along. */
const PLAIN_VALUE = 0.1;
const NOTHING: Cost = { objects: 0, costliest: [] };

/** Counts one operation, or what its selection holds. */
export function countCost(
  selectionSet: SelectionSetNode,
  root: GraphQLNamedType,
  options: Pick<CostMeter, 'schema' | 'fragments' | 'readArguments'>,
): Cost {
  const introspection = measureIntrospection(options.schema);
  const meter = { ...options, introspection, counted: new Map() };
  return countSelections(selectionSet, { type: root, pageSize: 1 }, meter);
}

function countSelections(selectionSet: SelectionSetNode, place: Place, meter: CostMeter): Cost {
  let objects = 0;
  let largest = NOTHING;
  for (const selection of selectionSet.selections) {
    const cost =
      selection.kind === Kind.FIELD
        ? countField(selection, place, meter)
        : selection.kind === Kind.FRAGMENT_SPREAD
          ? countFragment(selection.name.value, place, meter)
          : countSelections(
              selection.selectionSet,
              narrow(place, selection.typeCondition?.name.value, meter),
              meter,
            );
    objects += cost.objects;
    if (cost.objects > largest.objects) largest = cost;
  }
  return { objects, costliest: largest.costliest };
}

function countFragment(name: string, place: Place, meter: CostMeter): Cost {
  const fragment = meter.fragments.get(name);
  if (!fragment) return NOTHING;
  const inner = narrow(place, fragment.typeCondition.name.value, meter);
  const key = `${name} ${inner.type.name} ${inner.pageSize}`;
  const known = meter.counted.get(key);
  if (known) return known;
  // A fragment in a circle counts nothing: the rule that refuses it speaks.
  meter.counted.set(key, NOTHING);
  const cost = countSelections(fragment.selectionSet, inner, meter);
  meter.counted.set(key, cost);
  return cost;
}

function narrow(place: Place, typeName: string | undefined, { schema }: CostMeter): Place {
  const type = typeName === undefined ? undefined : schema.getType(typeName);
  return type ? { ...place, type } : place;
}

function countField(node: FieldNode, { type, pageSize }: Place, meter: CostMeter): Cost {
  const field = findField(node.name.value, type, meter.schema);
  if (!field) return NOTHING;
  const args = meter.readArguments({ field, node });
  const key = `${type.name}.${field.name}`;
  const own = FIELD_WEIGHTS[key] ?? 1;
  if (!node.selectionSet) return { objects: FIELD_WEIGHTS[key] ?? PLAIN_VALUE, costliest: [] };
  const asked = readPageSize(args) ?? DEFAULT_PAGE_SIZE;
  const inner = countSelections(
    node.selectionSet,
    { type: getNamedType(field.type), pageSize: asked },
    meter,
  );
  const isList = isListType(getNullableType(field.type));
  const size = isList ? measureList({ key, field, pageSize, args, meter }) : 1;
  const costliest = [node.name.value, ...inner.costliest];
  return {
    objects: own + size * inner.objects,
    costliest: isList || isPage(field) || inner.costliest.length > 0 ? costliest : [],
  };
}

function isPage({ type }: GraphQLField<unknown, unknown>): boolean {
  return getNamedType(type).name.endsWith('Connection');
}

function measureList(list: {
  key: string;
  field: GraphQLField<unknown, unknown>;
  pageSize: number;
  args: Record<string, unknown>;
  meter: CostMeter;
}): number {
  const { key, field, pageSize, args, meter } = list;
  if (field.name === 'edges') return pageSize;
  return (
    readPageSize(args) ?? countNamed(args) ?? LIST_SIZES[key] ?? meter.introspection[key] ?? DEFAULT_PAGE_SIZE
  );
}

/** A list of what arguments name has as many entries as they name; by run and name, one for each pair of them. */
function countNamed({ names, runIds = [null] }: Record<string, unknown>): number | null {
  return Array.isArray(names) && Array.isArray(runIds) ? names.length * runIds.length : null;
}

function findField(name: string, type: GraphQLNamedType, schema: GraphQLSchema) {
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
