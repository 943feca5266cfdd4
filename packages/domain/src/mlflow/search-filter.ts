/**
 * MLflow's filter language: clauses `KIND.KEY COMPARATOR VALUE` joined by AND, as its clients send them for runs,
 * experiments, registered models, versions and logged models. Its refusals are worded as MLflow's server words them, because
 * programs look for these sentences.
 */
import { AppError } from '../app-error.ts';
import {
  DATASET_KEYS,
  KIND_SPELLINGS,
  LIST_COMPARATORS,
  NUMERIC_COMPARATORS,
  PRESENCE_COMPARATORS,
  SEARCH_KINDS,
  type SearchComparator,
  type SearchGrammar,
  type SearchKind,
  TEXT_COMPARATORS,
} from './search-grammar.ts';
import { cutSearchTokens, type SearchToken } from './search-tokens.ts';

export type SearchClause = {
  kind: SearchKind;
  key: string;
  comparator: SearchComparator;
  /** null with IS NULL and IS NOT NULL alone. */
  value: string | number | string[] | null;
};

export type SearchKey = { kind: SearchKind; key: string };

/** More clauses than this are no question of a person. */
const CLAUSES_MAX = 100;

/** BAD_INPUT when it cannot be understood or asks for what the grammar does not have. */
export function parseSearchFilter(filter: string, grammar: SearchGrammar): SearchClause[] {
  const tokens = cutSearchTokens(filter);
  const clauses: SearchClause[] = [];
  let at = 0;
  while (at < tokens.length) {
    if (clauses.length > 0) {
      if (readWord(tokens[at]) !== 'AND') refuseClause(tokens[at]);
      at += 1;
    }
    const end = findClauseEnd(tokens, at);
    clauses.push(parseClause(tokens.slice(at, end), grammar));
    at = end;
  }
  if (clauses.length > CLAUSES_MAX) {
    throw new AppError('BAD_INPUT', `The filter has ${clauses.length} clauses: at most ${CLAUSES_MAX} fit.`);
  }
  return clauses;
}

/** The kind and key that a name stands for; attributes by the name that the grammar has for them. */
export function parseSearchKey(parts: readonly string[], grammar: SearchGrammar): SearchKey {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return { kind: 'attribute', key: checkAttribute(first, grammar) };
  const kind = KIND_SPELLINGS[first];
  if (!kind || (kind !== 'attribute' && !grammar.kinds.includes(kind))) {
    const kinds = SEARCH_KINDS.filter((one) => one === 'attribute' || grammar.kinds.includes(one));
    const known = kinds.map((one) => `'${one}'`).join(', ');
    throw new AppError('BAD_INPUT', `Invalid entity type '${first}'. Valid values are [${known}]`);
  }
  const key = rest.join('.');
  if (kind === 'attribute') return { kind, key: checkAttribute(key, grammar) };
  if (kind === 'dataset' && !DATASET_KEYS.some((known) => known === key)) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid dataset key '${key}' specified. Valid keys are '${DATASET_KEYS.join(', ')}'`,
    );
  }
  return { kind, key };
}

function checkAttribute(name: string, { attributes, aliases = {} }: SearchGrammar): string {
  const key = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  if (Object.hasOwn(attributes, key)) return key;
  const known = Object.keys(attributes).map((one) => `'${one}'`);
  throw new AppError(
    'BAD_INPUT',
    `Invalid attribute key '${name}' specified. Valid keys are [${known.join(', ')}]`,
  );
}

function findClauseEnd(tokens: readonly SearchToken[], start: number): number {
  for (let at = start; at < tokens.length; at += 1) if (readWord(tokens[at]) === 'AND') return at;
  return tokens.length;
}

function parseClause(tokens: readonly SearchToken[], grammar: SearchGrammar): SearchClause {
  const [named, ...rest] = tokens;
  // A key in quotes alone, as in `"Run name" = 'a'`, is a name too.
  const parts = named?.kind === 'name' ? named.parts : named?.kind === 'text' ? [named.value] : null;
  if (!named || !parts || rest.length === 0) return refuseClause(named);
  const { kind, key } = parseSearchKey(parts, grammar);
  const { comparator, values } = splitComparator(rest);
  checkComparator({ kind, key, comparator }, grammar);
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') {
    if (values.length > 0) refuseClause(values[0]);
    return { kind, key, comparator, value: null };
  }
  return { kind, key, comparator, value: readValue({ kind, key, comparator }, values, grammar) };
}

function splitComparator(tokens: readonly SearchToken[]): {
  comparator: SearchComparator;
  values: readonly SearchToken[];
} {
  const [first] = tokens;
  const words = tokens.slice(0, 3).map(readWord);
  if (first?.kind === 'comparator') return found(first.text, 1);
  if (words[0] === 'LIKE' || words[0] === 'ILIKE' || words[0] === 'IN') return found(words[0], 1);
  if (words[0] === 'NOT' && words[1] === 'IN') return found('NOT IN', 2);
  if (words[0] === 'IS' && words[1] === 'NULL') return found('IS NULL', 2);
  if (words[0] === 'IS' && words[1] === 'NOT' && words[2] === 'NULL') return found('IS NOT NULL', 3);
  throw new AppError('BAD_INPUT', `Invalid comparison clause. Expected comparison found '${first?.text}'`);

  function found(comparator: string, length: number) {
    return { comparator: comparator as SearchComparator, values: tokens.slice(length) };
  }
}

function checkComparator(
  { kind, key, comparator }: Omit<SearchClause, 'value'>,
  grammar: SearchGrammar,
): void {
  const valid = listComparators({ kind, key }, grammar);
  if (valid.includes(comparator)) return;
  const known = valid.map((one) => `'${one}'`).join(', ');
  throw new AppError('BAD_INPUT', `Invalid comparator '${comparator}' not one of '{${known}}'`);
}

function listComparators({ kind, key }: SearchKey, grammar: SearchGrammar): readonly SearchComparator[] {
  if (kind === 'metric') return NUMERIC_COMPARATORS;
  if (kind === 'parameter' || kind === 'tag') return [...TEXT_COMPARATORS, ...PRESENCE_COMPARATORS];
  if (kind === 'dataset') return [...TEXT_COMPARATORS, ...LIST_COMPARATORS];
  const rule = grammar.attributes[key]!;
  if (rule.isSearched === false) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid attribute key '${key}' specified: results are only sorted by it.`,
    );
  }
  if (rule.holds === 'number') return NUMERIC_COMPARATORS;
  return [...TEXT_COMPARATORS, ...LIST_COMPARATORS];
}

function readValue(
  { kind, key, comparator }: Omit<SearchClause, 'value'>,
  tokens: readonly SearchToken[],
  grammar: SearchGrammar,
): string | number | string[] {
  const [token] = tokens;
  if (comparator === 'IN' || comparator === 'NOT IN') {
    if (kind === 'attribute' && !grammar.attributes[key]?.hasLists) {
      const listed = Object.entries(grammar.attributes).flatMap(([name, { hasLists }]) =>
        hasLists ? [`'${name}'`] : [],
      );
      const only = `Only [${listed.join(', ')}] attributes support comparison with a list of quoted string values.`;
      throw new AppError('BAD_INPUT', only);
    }
    return readList(tokens);
  }
  if (!token || tokens.length > 1) {
    const count = tokens.length + 2;
    throw new AppError('BAD_INPUT', `Invalid comparison clause. Expected 3 tokens found ${count}`);
  }
  const isNumber = kind === 'metric' || grammar.attributes[key]?.holds === 'number';
  if (kind === 'metric' || (kind === 'attribute' && isNumber)) {
    if (token.kind === 'number') return token.value;
    const what = kind === 'metric' ? 'metric' : `numeric attribute: ${key}`;
    throw new AppError('BAD_INPUT', `Expected numeric value type for ${what}. Found ${token.text}`);
  }
  if (token.kind === 'text') return token.value;
  const what = kind === 'attribute' ? 'attributes' : kind;
  throw new AppError('BAD_INPUT', `Expected a quoted string value for ${what}. Got value ${token.text}`);
}

function readList(tokens: readonly SearchToken[]): string[] {
  const inside = tokens.slice(1, -1);
  const isFramed = tokens[0]?.text === '(' && tokens.at(-1)?.text === ')';
  const isListed = inside.every((token, place) =>
    place % 2 === 0 ? token.kind === 'text' : token.text === ',' && place < inside.length - 1,
  );
  if (!isFramed || inside.length === 0 || !isListed) {
    throw new AppError(
      'BAD_INPUT',
      'While parsing a list in the query, expected a non-empty list of string values, but got ' +
        `${tokens.map(({ text }) => text).join(' ') || 'nothing'}`,
    );
  }
  return inside.flatMap((token) => (token.kind === 'text' ? [token.value] : []));
}

function readWord(token: SearchToken | undefined): string | null {
  return token?.kind === 'name' && token.parts.length === 1 ? token.text.toUpperCase() : null;
}

function refuseClause(token: SearchToken | undefined): never {
  throw new AppError('BAD_INPUT', `Invalid clause(s) in filter string: '${token?.text ?? ''}'`);
}
