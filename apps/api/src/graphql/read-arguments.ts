/**
 * The arguments of a field as a document asks for it. Those in which no variable stands are read once, and found again by their place
 * in the document, which is kept as long as it is asked.
 */
import { type FieldNode, type GraphQLField, getArgumentValues, Kind, type ValueNode } from 'graphql';

type Field = GraphQLField<unknown, unknown>;
type Arguments = Readonly<Record<string, unknown>>;

/** By the place where they are asked for: one place in a fragment may be of several types. */
const constants = new WeakMap<FieldNode, { field: Field; args: Arguments }>();

/** `check` is asked once of arguments that stay, and each time of others; what it throws is thrown. */
export function readArguments(
  { field, node }: { field: Field; node: FieldNode },
  variables: Record<string, unknown>,
  check?: (args: Arguments) => void,
): Arguments {
  const known = constants.get(node);
  if (known?.field === field) return known.args;
  const args = getArgumentValues(field, node, variables);
  check?.(args);
  // Kept once they were checked, which every document is before it is answered.
  if (check && !(node.arguments ?? []).some(({ value }) => hasVariable(value))) {
    constants.set(node, { field, args: Object.freeze(args) });
  }
  return args;
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
