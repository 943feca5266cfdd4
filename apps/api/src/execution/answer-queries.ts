/**
 * Queries over HTTP by their plans (execute-plan.ts), which are kept with the document that they were made of; what has none is
 * left to graphql-js.
 */
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, getVariableValues } from 'graphql';
import { executePlan } from './execute-plan.ts';
import { type OperationPlan, planOperation } from './plan-operation.ts';

type QueryRequest = {
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Record<string, unknown> | null | undefined;
  contextValue: unknown;
};

/** Gives null where the query is not answered here: it has no plan, or its variables are wrong. */
type AnswerQuery = (request: QueryRequest) => Promise<ExecutionResult> | null;

export function createQueryAnswering(schema: GraphQLSchema): AnswerQuery {
  const plans = new WeakMap<DocumentNode, Map<string, OperationPlan | null>>();

  function findPlan({ document, operationName }: QueryRequest): OperationPlan | null {
    const ofDocument = plans.get(document) ?? new Map<string, OperationPlan | null>();
    plans.set(document, ofDocument);
    const name = operationName ?? '';
    const known = ofDocument.get(name);
    if (known !== undefined) return known;
    const plan = planOperation(schema, document, operationName);
    ofDocument.set(name, plan);
    return plan;
  }

  return (request) => {
    const plan = findPlan(request);
    if (!plan) return null;
    const { coerced } = getVariableValues(
      schema,
      plan.operation.variableDefinitions ?? [],
      request.variables ?? {},
    );
    if (!coerced) return null;
    return executePlan(plan, { contextValue: request.contextValue, variableValues: coerced });
  };
}
