/** Texts that PostgreSQL takes: none holds a null character or half of a pair, neither as text nor within JSON. */

const NOT_STORABLE = /\0|\p{Cs}/gu;

/** Whether a row can have it at all. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** What cannot be kept is written out, `\u0000`, in every text of the value and in every key. */
export function writeStorable<Value>(value: Value): Value {
  return (typeof value === 'string' ? writeText(value) : writeInner(value)) as Value;
}

function writeInner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writeStorable);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [writeText(key), writeStorable(inner)]),
  );
}

function writeText(text: string): string {
  if (isStorable(text)) return text;
  return text.replace(NOT_STORABLE, (part) => `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
