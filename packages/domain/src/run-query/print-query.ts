/** A filter as a line of text that parses to the same filter, and a field by its name. */
import { KNOWN_HYPERPARAMETERS, type RunField, type SeriesPick } from './run-field.ts';
import type { RunFilter, RunValue, Scalar } from './run-filter.ts';

const FUNCTIONS = { LAST: 'last', BEST: 'best', MIN: 'min', MAX: 'max', ANY: 'any' } as const;
/** What a name may be written as without quotation marks; shorter than what the parser takes, and no word of the grammar. */
const PLAIN = /^\p{L}[\p{L}\p{N}_.]*$/u;
const GRAMMAR_WORDS = new Set(
  'and or not in like is empty has all any none true false yes no champion now'.split(' '),
);

export function printRunQuery(filter: RunFilter): string {
  switch (filter.kind) {
    case 'AND':
    case 'OR':
      return filter.filters.map(printInside).join(filter.kind === 'AND' ? ' and ' : ' or ');
    case 'NOT':
      return `not ${printInside(filter.filter)}`;
    case 'COMPARE':
      return `${printRunField(filter.field)} ${filter.operator} ${printValue(filter.value)}`;
    case 'IN':
      return `${printRunField(filter.field)} in (${filter.values.map(printScalar).join(', ')})`;
    case 'LIKE':
      return `${printRunField(filter.field)} like ${quote(filter.pattern)}`;
    case 'CONTAINS':
      return `${printRunField(filter.field)} ~ ${quote(filter.text)}`;
    case 'EMPTY':
      return `${printRunField(filter.field)} is empty`;
    case 'TAGS':
      return `tags has ${filter.quantifier.toLowerCase()} (${filter.tags.map(quote).join(', ')})`;
    case 'PATIENT':
      return `patient ${quote(filter.key)} in ${filter.subset}`;
  }
}

export function printRunField(field: RunField): string {
  if (field.kind === 'COLUMN') return field.name;
  if (field.kind === 'TAG') return `tag(${printName(field.key)})`;
  if (field.kind === 'HYPERPARAMETER') {
    return KNOWN_HYPERPARAMETERS.has(field.name) ? field.name : `param(${printName(field.name)})`;
  }
  if (field.kind === 'SERIES') return printSeries(field.name, field.pick);
  const name = `${field.subset.toLowerCase()}.${field.name}`;
  return field.end === 'VALUE' ? name : `${field.end.toLowerCase()}(${name})`;
}

function printSeries(name: string, pick: SeriesPick): string {
  if (typeof pick === 'object') return `at(${printName(name)}, ${pick.epoch})`;
  return pick === 'AT_BEST' ? `at(${printName(name)}, best)` : `${FUNCTIONS[pick]}(${printName(name)})`;
}

function printInside(filter: RunFilter): string {
  const text = printRunQuery(filter);
  return filter.kind === 'AND' || filter.kind === 'OR' ? `(${text})` : text;
}

function printValue(value: RunValue): string {
  if (value.kind === 'LITERAL') return printScalar(value.value);
  if (value.kind === 'TIME') return value.at;
  if (value.kind === 'AGO') return `-${value.seconds}s`;
  return `champion(${quote(value.model)}, ${printRunField(value.figure)})`;
}

function printScalar(value: Scalar): string {
  return typeof value === 'string' ? printName(value) : String(value);
}

/** A text as a line has it, with quotation marks where it needs them. */
export function printName(name: string): string {
  return PLAIN.test(name) && !GRAMMAR_WORDS.has(name.toLowerCase()) ? name : quote(name);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}
