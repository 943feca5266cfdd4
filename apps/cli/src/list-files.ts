/** Lists of splits as they are named at a terminal: files, one for each side perhaps, and which column is what. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import type { ListFile } from '@microtome/domain/listed-split/judge-lists';
import type { ListColumns } from '@microtome/domain/listed-split/list-entries';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { InvalidArgumentError } from 'commander';

export const LIST_COLUMNS = ['id', 'patient', 'site', 'side', 'fold'] as const;

const LIST_BYTES_MAX = 256 * 1024 * 1024;

/** `LIST.csv`, or `test=held-out.csv`. */
export async function readListFile(argument: string): Promise<ListFile> {
  const [, side, file] = /^(\w+)=(.+)$/s.exec(argument) ?? [];
  const place = file ?? argument;
  return {
    name: escapeUnprintable(path.basename(place)),
    text: await readListText(place),
    ...(side ? { side: side.toUpperCase() } : {}),
  };
}

export async function readListText(place: string): Promise<string> {
  const shown = escapeUnprintable(place);
  const found = await stat(place).catch(() => null);
  if (!found?.isFile()) throw new AppError('BAD_INPUT', `There is no file ${shown}.`);
  if (found.size > LIST_BYTES_MAX)
    throw new AppError('BAD_INPUT', `${shown} is longer than a list: ${found.size} bytes.`);
  return readFile(place, 'utf8');
}

/** `id=path`. */
export function mapListColumn(text: string, earlier: ListColumns): ListColumns {
  const at = text.indexOf('=');
  const what = LIST_COLUMNS.find((name) => name === text.slice(0, at));
  if (!what)
    throw new InvalidArgumentError(`It has to be one of ${LIST_COLUMNS.join(', ')}, '=' and a column.`);
  return { ...earlier, [what]: text.slice(at + 1) };
}
