/** The keys that an MLflow client sorts by (`metrics.auc DESC`), in the words of its filter language. */
import { AppError } from '../app-error.ts';
import { parseSearchKey, type SearchKey } from './search-filter.ts';
import type { SearchGrammar } from './search-grammar.ts';
import { cutSearchTokens } from './search-tokens.ts';

export type SearchOrder = SearchKey & { isAscending: boolean };

const KEYS_MAX = 20;

/** BAD_INPUT when one of them is no key of the grammar, or is named twice. */
export function parseSearchOrder(orders: readonly string[], grammar: SearchGrammar): SearchOrder[] {
  if (orders.length > KEYS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${orders.length} keys to sort by: at most ${KEYS_MAX} fit.`);
  }
  const parsed = orders.map((order) => parseOrder(order, grammar));
  const twice = parsed.find(
    ({ kind, key }, place) => parsed.findIndex((other) => other.kind === kind && other.key === key) !== place,
  );
  if (twice) {
    throw new AppError('BAD_INPUT', `'order_by' contains duplicate fields: ['${twice.key}']`);
  }
  return parsed;
}

function parseOrder(order: string, grammar: SearchGrammar): SearchOrder {
  const [, name = order, direction = 'ASC'] = /^([\s\S]*?)\s+(ASC|DESC)\s*$/i.exec(order) ?? [];
  const tokens = cutSearchTokens(name);
  const [token] = tokens;
  const parts = token?.kind === 'name' ? token.parts : token?.kind === 'text' ? [token.value] : null;
  if (!parts || tokens.length !== 1) {
    throw new AppError('BAD_INPUT', `Invalid order_by clause '${order}'. Could not be parsed.`);
  }
  const { kind, key } = parseSearchKey(parts, grammar);
  if (kind === 'dataset') throw new AppError('BAD_INPUT', `Invalid order_by entity type '${kind}'`);
  return { kind, key, isAscending: direction.toUpperCase() === 'ASC' };
}
