/** Cells that a spreadsheet reads as text, and that any reader of CSV reads back. */
import { formatCsvText } from '@microtome/domain/csv-cell';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const readBack = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

test.each(['=1+1', '+cmd|calc', '-2+3', '@SUM(1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '－1'])(
  'the name %j is no formula',
  (text) => {
    expect(readBack(formatCsvText(text))).toBe(`'${text}`);
  },
);

test('other text reads back as it is, and separators of any country do not split it', () => {
  expect(formatCsvText('101/0/a.png')).toBe('101/0/a.png');
  expect(formatCsvText('a,b')).toBe('"a,b"');
  expect(formatCsvText('a;=1')).toBe('"a;=1"');
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cell = formatCsvText(text);
      expect([text, `'${text}`]).toContain(readBack(cell));
      expect(cell).not.toMatch(/^"?\s*[=+\-@]/);
      if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",;\t\r\n]/);
    }),
  );
});
