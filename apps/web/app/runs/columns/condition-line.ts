/** Conditions on a value, put into the filter line. Pure. */
import type { RunFieldType } from '../../../graphql/generated/graphql.ts';

type Comparison = '=' | '!=' | '>=' | '<=';

/** What may be asked of a value that was clicked, in the words of a menu. */
type ValueCondition = { title: string; condition: string };

type FieldValue = { field: string; type: RunFieldType; value: unknown };

/** Empty of a value that no line can name. */
export function listConditions({ field, type, value }: FieldValue): ValueCondition[] {
  if (value === null || value === undefined) {
    return [
      { title: `Only without ${field}`, condition: `${field} is empty` },
      { title: `Only with ${field}`, condition: `${field} is not empty` },
    ];
  }
  if (Array.isArray(value)) return value.flatMap(listTagConditions);
  const written = writeValue(value);
  if (written === null) return [];
  const say = (title: string, sign: Comparison): ValueCondition => ({
    title,
    condition: `${field} ${sign} ${type === 'TIME' ? value : written}`,
  });
  if (type === 'TIME') return [say('Only since then', '>='), say('Only until then', '<=')];
  const size = typeof value === 'number' ? [say(`At least this`, '>='), say('At most this', '<=')] : [];
  return [say('Only this', '='), say('All but this', '!='), ...size];
}

/** The condition holds as well; what stood there keeps its meaning. */
export function addCondition(line: string, condition: string): string {
  const before = line.trim();
  if (before === '') return condition;
  return /\bor\b/i.test(before) ? `(${before}) and ${condition}` : `${before} and ${condition}`;
}

function listTagConditions(tag: unknown): ValueCondition[] {
  if (typeof tag !== 'string') return [];
  return [
    { title: `Only tagged ${tag}`, condition: `tags has all (${quote(tag)})` },
    { title: `None tagged ${tag}`, condition: `tags has none (${quote(tag)})` },
  ];
}

function writeValue(value: unknown): string | null {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? String(value)
    : null;
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}
