/** How the results page writes numbers and tables, as Markdown. */

export type Figure = { value: number; low: number; high: number };

/** A difference with its interval. */
export function showSigned({ value, low, high }: Figure): string {
  return `${showSign(value)} (${showSign(low)} to ${showSign(high)})`;
}

export function showSign(number: number): string {
  return `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(3)}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
