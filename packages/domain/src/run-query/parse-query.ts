/**
 * The one grammar of questions about runs, in a line of text. `or` binds least, then `and`, then `not`:
 *
 *   line      = term { "or" term }            term = factor { "and" factor }
 *   factor    = "not" factor | "(" line ")" | condition
 *   condition = field operator value | field ["not"] "in" "(" value {"," value} ")" | field "is" ["not"] "empty"
 *             | field ["not"] ("like" | "~") text | "tags" "has" [all | any | none] tags
 *             | "patient" key "in" (TRAIN | VALIDATION | TEST)
 */
import { SUBSETS, type Subset } from '../split/subset.ts';
import { parseField } from './parse-field.ts';
import { parseScalar, parseValue } from './parse-value.ts';
import { QueryError } from './query-error.ts';
import { type RunField, typeOfField } from './run-field.ts';
import {
  COMPARISONS,
  type Comparison,
  type RunFilter,
  type RunSortKey,
  type TagQuantifier,
} from './run-filter.ts';
import { TokenReader } from './token-reader.ts';

const NESTING_MAX = 40;
const CONDITIONS_MAX = 100;
const SORT_KEYS_MAX = 8;
const SIZES = new Set(['<', '<=', '>', '>=']);
const JOINERS = ['and', 'or'];
const QUANTIFIERS = new Map<string, TagQuantifier>([
  ['all', 'ALL'],
  ['any', 'ANY'],
  ['none', 'NONE'],
]);

/** Null of an empty line, which every run matches. @throws QueryError */
export function parseRunQuery(line: string): RunFilter | null {
  const parser = new QueryParser(line);
  return parser.parseWhole();
}

/** `test.auc desc, createdAt`: ascending where no direction is said. Empty of an empty line. @throws QueryError */
export function parseRunSort(line: string): RunSortKey[] {
  const reader = new TokenReader(line);
  const keys: RunSortKey[] = [];
  while (!reader.isAtEnd()) {
    if (keys.length > 0) reader.requireSign(',');
    if (keys.length === SORT_KEYS_MAX) throw reader.refuse(`more than ${SORT_KEYS_MAX} keys stand`);
    const { from, to } = reader.next;
    const field = parseField(reader);
    if (typeOfField(field) === 'TAGS' || (field.kind === 'SERIES' && field.pick === 'ANY')) {
      throw new QueryError('runs have no order by this field.', { from, to });
    }
    const isFalling = reader.takeWord('desc');
    if (!isFalling) reader.takeWord('asc');
    keys.push({ field, direction: isFalling ? 'DESC' : 'ASC' });
  }
  return keys;
}

/** One field and nothing else. @throws QueryError */
export function parseRunField(text: string): RunField {
  const reader = new TokenReader(text);
  const field = parseField(reader);
  if (!reader.isAtEnd()) throw reader.refuse('one field alone is expected, something stands');
  return field;
}

class QueryParser {
  readonly #reader: TokenReader;
  #depth = 0;
  #conditions = 0;

  constructor(line: string) {
    this.#reader = new TokenReader(line);
  }

  parseWhole(): RunFilter | null {
    const reader = this.#reader;
    if (reader.isAtEnd()) return null;
    const filter = this.#parseLine();
    if (!reader.isAtEnd()) throw reader.refuse('"and" or "or" is missing', { kind: 'WORDS', words: JOINERS });
    return filter;
  }

  #parseLine(): RunFilter {
    const filters = [this.#parseTerm()];
    while (this.#reader.takeWord('or')) filters.push(this.#parseTerm());
    return filters.length === 1 ? (filters[0] as RunFilter) : { kind: 'OR', filters };
  }

  #parseTerm(): RunFilter {
    const filters = [this.#parseFactor()];
    while (this.#reader.takeWord('and')) filters.push(this.#parseFactor());
    return filters.length === 1 ? (filters[0] as RunFilter) : { kind: 'AND', filters };
  }

  #parseFactor(): RunFilter {
    const reader = this.#reader;
    this.#depth += 1;
    if (this.#depth > NESTING_MAX) throw reader.refuse(`more than ${NESTING_MAX} levels stand`);
    const filter = this.#parseNested();
    this.#depth -= 1;
    return filter;
  }

  #parseNested(): RunFilter {
    const reader = this.#reader;
    if (reader.takeWord('not')) return { kind: 'NOT', filter: this.#parseFactor() };
    if (!reader.takeSign('(')) return this.#parseCondition();
    const filter = this.#parseLine();
    if (!reader.takeSign(')')) {
      throw reader.refuse('"and", "or" or a closing bracket is missing', {
        kind: 'WORDS',
        words: [...JOINERS, ')'],
      });
    }
    return filter;
  }

  #parseCondition(): RunFilter {
    const reader = this.#reader;
    this.#conditions += 1;
    if (this.#conditions > CONDITIONS_MAX)
      throw reader.refuse(`more than ${CONDITIONS_MAX} conditions stand`);
    if (reader.takeWord('patient')) return parsePatient(reader);
    const field = parseField(reader, { kind: 'CONDITION' });
    if (reader.takeWord('is')) return parseEmpty(reader, field);
    if (typeOfField(field) === 'TAGS') return parseTags(reader, field);
    const isOpposite = reader.takeWord('not');
    const condition = parseOperation(reader, field, isOpposite);
    return isOpposite ? { kind: 'NOT', filter: condition } : condition;
  }
}

function parseOperation(reader: TokenReader, field: RunField, isOpposite: boolean): RunFilter {
  if (reader.takeWord('in')) return { kind: 'IN', field, values: parseList(reader, field) };
  if (reader.isWord('like') || reader.isSign('~') || reader.isSign('!~')) return parseMatch(reader, field);
  if (isOpposite) throw reader.refuse('"in" or "like" is missing', { kind: 'WORDS', words: ['in', 'like'] });
  const operator = COMPARISONS.find((sign) => reader.isSign(sign));
  if (operator) return parseComparison(reader, field, operator);
  if (typeOfField(field) !== 'FLAG') {
    throw reader.refuse('what the field is compared by is missing', { kind: 'OPERATOR', field });
  }
  return { kind: 'COMPARE', field, operator: '=', value: { kind: 'LITERAL', value: true } };
}

function parseComparison(reader: TokenReader, field: RunField, operator: Comparison): RunFilter {
  const type = typeOfField(field);
  const hasSize = type !== 'TEXT' && type !== 'WORD' && type !== 'NOUN' && type !== 'FLAG';
  if (SIZES.has(operator) && !hasSize) {
    throw reader.refuse('this field has no size: = or ~ is expected', { kind: 'OPERATOR', field });
  }
  if (type === 'TIME' && !SIZES.has(operator)) {
    throw reader.refuse('a time is compared by <, <=, > or >=: one of them is expected', {
      kind: 'OPERATOR',
      field,
    });
  }
  reader.take();
  return { kind: 'COMPARE', field, operator, value: parseValue(reader, field) };
}

function parseMatch(reader: TokenReader, field: RunField): RunFilter {
  const type = typeOfField(field);
  if (type !== 'TEXT' && type !== 'NOUN' && type !== 'ANY' && type !== 'TAGS') {
    throw reader.refuse('only texts have parts: another comparison is expected', { kind: 'OPERATOR', field });
  }
  const sign = reader.take();
  const { kind, text } = reader.next;
  if (kind === 'END' || kind === 'SIGN') throw reader.refuse('a text is missing', { kind: 'VALUE', field });
  reader.take();
  if (sign.kind === 'WORD') return { kind: 'LIKE', field, pattern: text };
  const contains: RunFilter = { kind: 'CONTAINS', field, text };
  return sign.text === '!~' ? { kind: 'NOT', filter: contains } : contains;
}

function parseEmpty(reader: TokenReader, field: RunField): RunFilter {
  const isOpposite = reader.takeWord('not');
  if (!reader.takeWord('empty'))
    throw reader.refuse('"empty" is missing', { kind: 'WORDS', words: ['empty'] });
  const filter: RunFilter = { kind: 'EMPTY', field };
  return isOpposite ? { kind: 'NOT', filter } : filter;
}

function parseTags(reader: TokenReader, field: RunField): RunFilter {
  if (reader.isSign('~') || reader.isSign('!~')) return parseMatch(reader, field);
  if (!reader.takeWord('has'))
    throw reader.refuse('"has" is missing: tags has a', { kind: 'OPERATOR', field });
  const { kind, text } = reader.next;
  const quantifier =
    kind === 'WORD' && reader.isSign('(', 1) ? QUANTIFIERS.get(text.toLowerCase()) : undefined;
  if (quantifier === undefined)
    return { kind: 'TAGS', quantifier: 'ALL', tags: [String(parseScalar(reader, field))] };
  reader.take();
  return { kind: 'TAGS', quantifier, tags: parseList(reader, field).map(String) };
}

function parseList(reader: TokenReader, field: RunField): ReturnType<typeof parseScalar>[] {
  if (typeOfField(field) === 'TIME') throw reader.refuse('a time is in no list: < or > is expected');
  reader.requireSign('(');
  const values = [parseScalar(reader, field)];
  while (reader.takeSign(',')) values.push(parseScalar(reader, field));
  reader.requireSign(')');
  return values;
}

function parsePatient(reader: TokenReader): RunFilter {
  const { kind, text } = reader.next;
  if (kind === 'END' || kind === 'SIGN')
    throw reader.refuse('the key of a patient is missing', { kind: 'PATIENT' });
  reader.take();
  if (!reader.takeWord('in')) throw reader.refuse('"in" is missing', { kind: 'WORDS', words: ['in'] });
  const subset = SUBSETS.find((side) => reader.isWord(side.toLowerCase()));
  if (!subset)
    throw reader.refuse(`one of ${SUBSETS.join(', ')} is missing`, { kind: 'WORDS', words: SUBSETS });
  reader.take();
  return { kind: 'PATIENT', key: text, subset: subset as Subset };
}
