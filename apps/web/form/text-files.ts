/**
 * Files of text that a person drops on a page, read whole as far as the API takes them, and those that a page gives them. A
 * Parquet file becomes the text that says the same.
 */

import { saveFile } from '../ui/save-file.ts';

export type TextFile = { name: string; text: string };

/** What the API takes; longer ones are for the command line. */
const PARQUET_MARK = 'PAR1';
const BYTES_MAX = 16 * 1024 * 1024;
/** What a person reads of a reader's error. */
const REASON_LENGTH_MAX = 200;

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
  const read: TextFile[] = [];
  for (const file of files) {
    const found = await readText(file, { noun, command });
    if ('refusal' in found) return found;
    read.push({ name: file.name, ...found });
  }
  return { files: read };
}

async function readText(
  file: File,
  { noun, command }: { noun: string; command: string },
): Promise<{ text: string } | { refusal: string }> {
  const bytes = await file.arrayBuffer();
  // Of most files nothing is read by it: it is loaded when the first of its kind comes.
  const isParquet = new TextDecoder('latin1').decode(bytes.slice(0, PARQUET_MARK.length)) === PARQUET_MARK;
  if (!isParquet) return { text: new TextDecoder().decode(bytes) };
  try {
    const { readParquetText } = await import('./parquet-text.ts');
    const text = await readParquetText(bytes, { charactersMax: BYTES_MAX });
    if (text !== null) return { text };
    return {
      refusal: `The ${noun} in ${file.name} has more than 16 MB as text: at most 16 are taken here, and any number by ${command}.`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, REASON_LENGTH_MAX) : String(error);
    return { refusal: `${file.name} cannot be read as Parquet here: ${reason}. ${command} reads any.` };
  }
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
  saveFile(new Blob([text], { type }), name);
}
