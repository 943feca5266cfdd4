/** What was chosen of a source, in the words of the API, which names a key and a layout by words of its own. */
import { AppError } from '@microtome/domain/app-error';
import type { SourceChoices } from '@microtome/store/import/source-options';
import type { ImportDatasetInput } from '../../generated/graphql.ts';

export function toApiInput(
  choices: SourceChoices,
): Omit<ImportDatasetInput, 'path' | 'name' | 'maxPatches' | 'seed'> {
  const { layout, map, patientRule, ...rest } = choices;
  const input = {
    ...rest,
    layout: layout && toApiWord(layout),
    patientRule: patientRule && toApiWord(patientRule),
    map: map?.map(readMapping),
  };
  return input as ReturnType<typeof toApiInput>;
}

/** `key=` with nothing behind it: no column says that. */
function readMapping(text: string): { key: string; column: string | null } {
  const at = text.indexOf('=');
  if (at > 0) return { key: toApiWord(text.slice(0, at).trim()), column: text.slice(at + 1) || null };
  throw new AppError('BAD_INPUT', `'${text}' is no mapping: write KEY=COLUMN, such as label=tumor.`);
}

function toApiWord(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}
