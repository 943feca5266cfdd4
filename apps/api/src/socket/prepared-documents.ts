/** Documents as they come over sockets, parsed and checked once: pages send the same few again and again. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { limitDepth, MAX_TOKENS } from '../graphql/query-limits.ts';

const DOCUMENTS_KEPT = 200;
/** Longer ones are checked each time, so that what is kept stays small. */
const KEPT_CHARACTERS = 8_000;

type PrepareDocument = (query: string) => DocumentNode | readonly GraphQLError[];

/** The document, or what is wrong with it. The same text gives the same object while it is kept. */
export function createDocumentPreparation(schema: GraphQLSchema, hasIntrospection: boolean): PrepareDocument {
  const rules = [
    ...specifiedRules,
    limitDepth,
    ...(hasIntrospection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const kept = new Map<string, DocumentNode>();
  return (query) => {
    const known = kept.get(query);
    if (known) {
      // To the end: the one that was not asked for the longest is the first to go.
      kept.delete(query);
      kept.set(query, known);
      return known;
    }
    const document = parseDocument(query);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return errors;
    if (query.length <= KEPT_CHARACTERS) kept.set(query, document);
    const [oldest] = kept.keys();
    if (kept.size > DOCUMENTS_KEPT && oldest !== undefined) kept.delete(oldest);
    return document;
  };
}

function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
