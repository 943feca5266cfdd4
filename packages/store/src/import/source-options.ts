/** How a source of patches is to be read: the options that every command has which reads one. */
import { parseNameList } from '@microtome/domain/name-list';
import { LAYOUT_NAMES } from '@microtome/domain/source/layout/layout';
import { MANIFEST_KEYS } from '@microtome/domain/source/manifest/manifest-columns';
import { PATIENT_RULES } from '@microtome/domain/source/patient-rule';
import { SPLITTING_UNITS } from '@microtome/domain/unit/splitting-unit';
import type { ImportOptionsInput } from './import-options.ts';
import { NOT_SQUARE, OTHER_SIZES } from './pixels/fit-patch.ts';

export type SourceChoices = Omit<ImportOptionsInput, 'path' | 'name' | 'maxPatches' | 'seed'>;

type Parse = (value: string, earlier: unknown) => unknown;

/** What a command is to the options; commander's is one. */
type Command = { option(flags: string, description: string, parse: Parse): unknown };

const text: Parse = (value) => value;
const lower: Parse = (value) => value.toLowerCase();
const upper: Parse = (value) => value.toUpperCase();
const number: Parse = (value) => Number(value);
const several: Parse = (value, earlier) => [...((earlier as string[] | undefined) ?? []), value];
const names: Parse = (value, earlier) => [
  ...((earlier as string[] | undefined) ?? []),
  ...parseNameList(value),
];

const OPTIONS: readonly (readonly [flags: string, description: string, parse: Parse])[] = [
  [
    '--positive <class,…>',
    'the classes that the task looks for (default: proposed); a name with a comma in quotes',
    names,
  ],
  ['--layout <name>', `of the files (default: as detected): ${LAYOUT_NAMES.join(', ')}`, text],
  [
    '--manifest <file>',
    'CSV, TSV or Parquet that says what each file is, on disk or within the source',
    text,
  ],
  ['--map <key=column>', `of the manifest, once a key: ${MANIFEST_KEYS.join(', ')}`, several],
  [
    '--patient-rule <rule>',
    `reads the patient from the manifest's patient column, or else from the path: ${PATIENT_RULES.join(', ')}`,
    lower,
  ],
  ['--patient-pattern <expression>', 'of the rule regex, e.g. "(?P<patient>P\\d+)_(?P<slide>S\\d+)"', text],
  [
    '--patients-of <group>',
    'whose patients the manifest or expression names: those of one group are shared (default: the name of the folder or file)',
    text,
  ],
  [
    '--unit <unit>',
    `what splits are by (default: the largest that is told of every patch): ${SPLITTING_UNITS.join(', ')}`,
    upper,
  ],
  ['--mpp <n>', 'µm per pixel of every patch of which the source tells none', number],
  ['--magnification <n>', 'of the files to take, where the source has several', number],
  ['--other-sizes <rule>', `for sizes that most do not have: ${OTHER_SIZES.join(' or ')}`, upper],
  ['--not-square <rule>', `for what is not square: ${NOT_SQUARE.join(', ')}`, upper],
];

export function addSourceOptions<C extends Command>(command: C): C {
  for (const [flags, description, parse] of OPTIONS) command.option(flags, description, parse);
  return command;
}

/** Of all options of a command, those of its source. They are checked where they are used. */
export function readSourceOptions(given: Record<string, unknown>): SourceChoices {
  const { positive, layout, manifest, map, patientRule, patientPattern, patientsOf } = given;
  const { unit, mpp, magnification, otherSizes, notSquare } = given;
  const told = { positive, layout, manifest, map, patientRule, patientPattern, patientsOf };
  return { ...told, unit, micronsPerPixel: mpp, magnification, otherSizes, notSquare } as SourceChoices;
}
