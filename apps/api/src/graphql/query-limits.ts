/** Limits on a document, so that a small request cannot keep the server busy without end. */
import { AppError } from '@microtome/domain/app-error';
import {
  type ASTNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Deep enough for GraphiQL's introspection and for run → split → dataset → patients → slides. */
export const MAX_DEPTH = 16;
export const MAX_TOKENS = 4000;
/** Objects in an answer, ten plain values as one: what a page of the dashboard asks for at most, several times over; seconds of work, not minutes. */
export const MAX_COST = 50_000;
/** An operation that takes longer is stopped and says so. */
export const OPERATION_TIMEOUT_MS = 60_000;

/** A validation rule: refuses operations that nest deeper than `MAX_DEPTH`. */
export function limitDepth(context: ValidationContext) {
  return {
    OperationDefinition(operation: { selectionSet: SelectionSetNode } & ASTNode) {
      const depth = measureDepth(operation.selectionSet, { context, fragmentDepths: new Map() });
      if (depth <= MAX_DEPTH) return;
      const message = `The query is ${depth} levels deep; at most ${MAX_DEPTH} are allowed.`;
      context.reportError(
        new GraphQLError(message, { nodes: operation, originalError: new AppError('BAD_INPUT', message) }),
      );
    },
  };
}

type DepthMeter = {
  context: ValidationContext;
  /** Each fragment is measured once; one that is being measured counts 0, and another rule refuses the cycle. */
  fragmentDepths: Map<FragmentDefinitionNode, number>;
};

function measureDepth(selectionSet: SelectionSetNode, meter: DepthMeter): number {
  const depths = selectionSet.selections.map((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value, meter);
    const inner = selection.selectionSet ? measureDepth(selection.selectionSet, meter) : 0;
    return selection.kind === Kind.FIELD ? inner + 1 : inner;
  });
  return Math.max(0, ...depths);
}

function measureFragment(name: string, meter: DepthMeter): number {
  const fragment = meter.context.getFragment(name);
  if (!fragment) return 0;
  const known = meter.fragmentDepths.get(fragment);
  if (known !== undefined) return known;
  meter.fragmentDepths.set(fragment, 0);
  const depth = measureDepth(fragment.selectionSet, meter);
  meter.fragmentDepths.set(fragment, depth);
  return depth;
}
