/**
 * One execution of an event for all subscriptions that ask the same of it. What a subscription asks of an event is its
 * document and the variables that the fields of the event depend on; those of the subscription's own arguments (which
 * run, after which number) only decide which events it gets. Of who asks, only what they may see counts.
 */
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, Kind, visit } from 'graphql';

type Execute = (args: ExecutionArgs, event: unknown) => Promise<ExecutionResult>;

/** `run` is called once for each distinct question to an event; what it gives is shared and must not be changed. */
export function createSharedExecution<Context>(
  /** The same for all who may see the same. */
  describeRights: (context: Context) => string,
  run: (args: ExecutionArgs) => Promise<ExecutionResult>,
): Execute {
  // An event is one object for all of its followers, and its results go when it goes.
  const results = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();
  const documents = new WeakMap<DocumentNode, { id: number; variables: readonly string[] }>();
  let documentCount = 0;

  function describeQuestion({
    document,
    operationName,
    variableValues,
    contextValue,
  }: ExecutionArgs): string {
    let known = documents.get(document);
    if (!known) {
      known = { id: ++documentCount, variables: listEventVariables(document) };
      documents.set(document, known);
    }
    // A variable that is null is another question than one that is left out.
    const values = known.variables.map((name) => [name in (variableValues ?? {}), variableValues?.[name]]);
    return JSON.stringify([known.id, operationName, values, describeRights(contextValue as Context)]);
  }

  return (args, event) => {
    if (typeof event !== 'object' || event === null) return run({ ...args, rootValue: event });
    const ofEvent = results.get(event) ?? new Map<string, Promise<ExecutionResult>>();
    results.set(event, ofEvent);
    const question = describeQuestion(args);
    const result = ofEvent.get(question) ?? run({ ...args, rootValue: event });
    ofEvent.set(question, result);
    return result;
  };
}

/** All variables but those that appear in nothing else than the arguments of a subscription's own field. */
function listEventVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  const rootFields = new Set(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? definition.selectionSet.selections.filter(({ kind }) => kind === Kind.FIELD)
        : [],
    ),
  );
  visit(document, {
    VariableDefinition: () => false,
    Argument(_argument, _key, _parent, _path, ancestors) {
      return rootFields.has(ancestors.at(-1) as never) ? false : undefined;
    },
    Variable({ name }) {
      names.add(name.value);
    },
  });
  return [...names].sort();
}
