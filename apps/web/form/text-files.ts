/** Files of text that a person drops on a page, read whole as far as the API takes them, and those that a page gives them. */

export type TextFile = { name: string; text: string };

/** What the API takes; longer ones are for the command line. */
const BYTES_MAX = 16 * 1024 * 1024;
const PARQUET_MARK = 'PAR1';

/** The texts of the files, or a sentence on why they are not read. */
export async function readTextFiles(
  files: readonly File[],
  { noun, command }: { noun: string; command: string },
): Promise<{ files: TextFile[] } | { refusal: string }> {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > BYTES_MAX) {
    const megabytes = Math.ceil(size / 1024 / 1024);
    return {
      refusal: `The ${noun} has ${megabytes} MB: at most 16 are taken here, and any number by ${command}.`,
    };
  }
  const read = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
  const parquet = read.find(({ text }) => text.startsWith(PARQUET_MARK));
  if (parquet) return { refusal: `${parquet.name} is Parquet: here ${noun}s are read as CSV or TSV.` };
  return { files: read };
}

/** The names of the columns, for a choice among them; empty where the text is no table. */
export function readTableHead(text: string): string[] {
  if (/^\s*[[{]/.test(text)) return [];
  const head = text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
  const separator = [',', '\t', ';'].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
  return head
    .split(separator)
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '');
}

export function saveText(text: string, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
