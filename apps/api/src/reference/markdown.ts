/** The few pieces of Markdown that the pages of the reference are made of. */
export const GENERATED = '<!-- Written by apps/api/src/print-schema.ts. Do not edit. -->';

export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text within a table: one line, and no bar that ends the cell. */
export function escapeCell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}
