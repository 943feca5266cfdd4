/**
 * What an operation has to pass before any of it runs, over HTTP and over a WebSocket: its arguments are values that
 * can be stored and looked up, and its answer is not larger than `MAX_COST`.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { checkArguments } from './check-arguments.ts';
import { countCost } from './query-cost.ts';
import { MAX_COST } from './query-limits.ts';
import { readArguments } from './read-arguments.ts';

type OperationRequest = {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables: Record<string, unknown> | null | undefined;
};

/** Why the operation, which must be valid, is not run; null when it may be. */
export function refuseOperation(request: OperationRequest): GraphQLError | null {
  try {
    const cost = measureOperation(request);
    if (!cost || cost.objects <= MAX_COST) return null;
    const objects = Math.round(cost.objects).toLocaleString('en-US');
    const most = cost.costliest.length > 0 ? `; most of it is ${cost.costliest.join('.')}` : '';
    throw new AppError(
      'BAD_INPUT',
      `The query may answer ${objects} objects, and at most ${MAX_COST.toLocaleString('en-US')} are allowed${most}. Ask for fewer entries or less of each.`,
    );
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    if (!(error instanceof AppError)) throw error;
    return new GraphQLError(error.message, {
      originalError: error,
      extensions: { http: { status: 400 } },
    });
  }
}

/** What the operation may cost; null when it, or its variables, cannot be read: execution says why. */
export function measureOperation(request: OperationRequest): ReturnType<typeof countCost> | null {
  const { schema, document, operationName, variables } = request;
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  const values = operation && readVariables(schema, operation, variables);
  if (!root || !values) return null;
  return countCost(operation.selectionSet, root, {
    schema,
    fragments: collectFragments(document),
    readArguments: (visit) => readArguments(visit, values, (args) => checkArguments(visit.field, args)),
  });
}

function readVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: OperationRequest['variables'],
): Record<string, unknown> | null {
  return getVariableValues(schema, variableDefinitions, variables ?? {}).coerced ?? null;
}

function collectFragments({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}
