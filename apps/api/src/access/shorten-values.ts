/** What a request asked for, as the audit log keeps it: JSON, and short enough to be read. */

const LONGEST_TEXT = 2_000;
const LONGEST_LIST = 50;

export function shortenValue(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length > LONGEST_TEXT
      ? `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)`
      : value;
  }
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    const kept = value.slice(0, LONGEST_LIST).map(shortenValue);
    return value.length > LONGEST_LIST ? [...kept, `… (${value.length} in all)`] : kept;
  }
  return typeof value === 'object' && value !== null ? shortenValues(value) : value;
}

export function shortenValues(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, inner]) => [key, shortenValue(inner)]));
}
