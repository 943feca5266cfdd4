/** How a source of patches is to be read: the options that every command has which imports one, and what they mean to the API. */
import { AppError } from '@microtome/domain/app-error';
import { LAYOUT_NAMES } from '@microtome/domain/source/layout/layout';
import { MANIFEST_KEYS } from '@microtome/domain/source/manifest/manifest-columns';
import { PATIENT_RULES } from '@microtome/domain/source/patient-rule';
import { SPLITTING_UNITS } from '@microtome/domain/unit/splitting-unit';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import { NOT_SQUARE, OTHER_SIZES } from '@microtome/store/import/pixels/fit-patch';
import type { Command } from 'commander';
import type { ImportDatasetInput } from '../generated/graphql.ts';
import { listNames } from './typed-options.ts';

export type SourceChoices = Omit<ImportOptionsInput, 'path' | 'name' | 'maxPatches' | 'seed'>;

export function addSourceOptions(command: Command): Command {
  return command
    .option('--positive <class,…>', 'the classes that the task looks for (default: proposed)', listNames)
    .option('--layout <name>', `of the files (default: as detected): ${LAYOUT_NAMES.join(', ')}`)
    .option(
      '--manifest <file>',
      'CSV, TSV or Parquet that says what each file is, on disk or within the source',
    )
    .option('--map <key=column>', `of the manifest, once a key: ${MANIFEST_KEYS.join(', ')}`, collect)
    .option(
      '--patient-rule <rule>',
      `reads the patient from the manifest's patient column, or else from the path: ${PATIENT_RULES.join(', ')}`,
      toLower,
    )
    .option('--patient-pattern <expression>', 'of the rule regex, e.g. "(?P<patient>P\\d+)_(?P<slide>S\\d+)"')
    .option(
      '--patients-of <group>',
      'whose patients the manifest or expression names: those of one group are shared (default: the name of the folder or file)',
    )
    .option(
      '--unit <unit>',
      `what splits are by (default: the largest that is told of every patch): ${SPLITTING_UNITS.join(', ')}`,
      toUpper,
    )
    .option('--mpp <n>', 'µm per pixel of every patch of which the source tells none', Number)
    .option('--magnification <n>', 'of the files to take, where the source has several', Number)
    .option('--other-sizes <rule>', `for sizes that most do not have: ${OTHER_SIZES.join(' or ')}`, toUpper)
    .option('--not-square <rule>', `for what is not square: ${NOT_SQUARE.join(', ')}`, toUpper);
}

/** Of all options of a command, those of its source. They are checked where they are used. */
export function readSourceOptions(given: Record<string, unknown>): SourceChoices {
  const { positive, layout, manifest, map, patientRule, patientPattern, patientsOf } = given;
  const { unit, mpp, magnification, otherSizes, notSquare } = given;
  const told = { positive, layout, manifest, map, patientRule, patientPattern, patientsOf };
  return { ...told, unit, micronsPerPixel: mpp, magnification, otherSizes, notSquare } as SourceChoices;
}

/** The same in the words of the API, which names a key and a layout by words of its own. */
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
  throw new AppError('BAD_INPUT', `'${text}' is no mapping: write KEY=COLUMN, such as patient=case_id.`);
}

function toApiWord(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}

function toLower(value: string): string {
  return value.toLowerCase();
}

function toUpper(value: string): string {
  return value.toUpperCase();
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
