/** Whether what is asked for beneath a field names another one: a resolver that can give it cheaply along with its own work asks so. */
import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** Directives are not looked at: a field that is skipped counts as named. */
export function selectsField(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  name: string,
): boolean {
  const waiting = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const seen = new Set<SelectionSetNode>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === name) return true;
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      if (inner) waiting.push(inner.selectionSet);
    }
  }
  return false;
}

/** The fields that are asked for of what stands at a path beneath a field; one that is asked for twice comes twice. */
export function listSelected(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  path: readonly string[],
): FieldNode[] {
  let level: readonly FieldNode[] = fieldNodes;
  for (const name of [...path, null]) {
    const below = level.flatMap(({ selectionSet }) =>
      selectionSet ? listFields(selectionSet, fragments) : [],
    );
    level = name === null ? below : below.filter((field) => field.name.value === name);
  }
  return [...level];
}

function listFields(selectionSet: SelectionSetNode, fragments: GraphQLResolveInfo['fragments']): FieldNode[] {
  const found: FieldNode[] = [];
  const waiting = [selectionSet];
  const seen = new Set<SelectionSetNode>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) {
        found.push(selection);
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      if (inner) waiting.push(inner.selectionSet);
    }
  }
  return found;
}
