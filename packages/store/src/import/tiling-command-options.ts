/** How slides are to be cut, as options of the command that imports them. */

import { AppError } from '@microtome/domain/app-error';
import { parseNameList } from '@microtome/domain/name-list';
import { SLIDE_PRESETS } from '@microtome/domain/tiling/slide-presets';
import type { ImportOptionsInput } from './import-options.ts';
import { FAULTY_OUTLINES, FAULTY_SLIDES, OUTLINE_RULES } from './tiling-options.ts';

type Parse = (value: string, earlier: unknown) => unknown;
type Command = { option(flags: string, description: string, parse: Parse): unknown };
type TilingChoices = Pick<ImportOptionsInput, 'tiling' | 'micronsPerPixel'>;

const text: Parse = (value) => value;
const number: Parse = (value) => Number(value);
const lower: Parse = (value) => value.toLowerCase();
const word: Parse = (value) => value.toUpperCase().replaceAll('-', '_');
const names: Parse = (value, earlier) => [
  ...((earlier as string[] | undefined) ?? []),
  ...parseNameList(value),
];
const list = (words: readonly string[]) =>
  words.map((one) => one.toLowerCase().replaceAll('_', '-')).join(' or ');

/** By the name that commander gives the option, and the one that it has among those of a tiling. */
const OPTIONS = [
  [
    'stride',
    'stridePx',
    '--stride <px>',
    'from one patch to the next (default: the side of a patch)',
    number,
  ],
  ['preset', 'preset', '--preset <name>', `folder of slides as published: ${list(SLIDE_PRESETS)}`, lower],
  [
    'annotations',
    'annotations',
    '--annotations <folder>',
    'outlines, called as their slides: XML of ASAP, GeoJSON of QuPath',
    text,
  ],
  ['labels', 'labels', '--labels <file>', 'a table of one label a slide', text],
  [
    'outlineRule',
    'outlineRule',
    '--outline-rule <rule>',
    `positive by the share that is covered, or by the middle third: ${list(OUTLINE_RULES)}`,
    word,
  ],
  [
    'positiveFrom',
    'positiveFrom',
    '--positive-from <share>',
    'of a patch that outlines cover (default: 0.5)',
    number,
  ],
  [
    'outlineClasses',
    'outlineClasses',
    '--outline-classes <class,…>',
    'outlines that are looked for (default: the only class that is drawn)',
    names,
  ],
  [
    'holeClasses',
    'holeClasses',
    '--hole-classes <class,…>',
    'outlines that are cut out of the others',
    names,
  ],
  ['tissue', 'tissueFrom', '--tissue <share>', 'of a patch that is tissue, at least (default: 0.5)', number],
  [
    'faultySlides',
    'faultySlides',
    '--faulty-slides <rule>',
    `go on without a slide that cannot be cut, or end with nothing: ${list(FAULTY_SLIDES)}`,
    word,
  ],
  [
    'faultyOutlines',
    'faultyOutlines',
    '--faulty-outlines <rule>',
    `of a slide with an outline that cannot be taken: ${list(FAULTY_OUTLINES)}`,
    word,
  ],
] as const satisfies readonly (readonly [string, string, string, string, Parse])[];

export function addTilingOptions<C extends Command>(command: C): C {
  command.option('--tile <px>', 'cut slides into patches of this side, at --mpp µm per pixel', number);
  command.option('--slide-mpp <n>', 'µm per pixel of slides that tell none', number);
  for (const [, , flags, description, parse] of OPTIONS) command.option(flags, description, parse);
  return command;
}

/**
 * Nothing where no slides are to be cut. `--mpp` is the scale of the patches where they are, whatever the slides have.
 * @throws AppError BAD_INPUT for a choice about slides without `--tile`
 */
export function readTilingOptions(given: Record<string, unknown>): TilingChoices | Record<string, never> {
  const { tile, mpp, slideMpp } = given;
  const chosen = OPTIONS.filter(([option]) => given[option] !== undefined);
  const [stray] = chosen;
  if (tile === undefined && (stray || slideMpp !== undefined)) {
    const flag = stray ? stray[2] : '--slide-mpp';
    throw new AppError(
      'BAD_INPUT',
      `${flag.split(' ')[0]} is about slides: say by --tile how large their patches are.`,
    );
  }
  if (tile === undefined) return {};
  if (mpp === undefined)
    throw new AppError('BAD_INPUT', '--tile needs --mpp: how many µm a pixel of the patches stands for.');
  const choices = Object.fromEntries(chosen.map(([option, name]) => [name, given[option]]));
  return {
    tiling: { ...choices, tilePx: tile, micronsPerPixel: mpp },
    micronsPerPixel: slideMpp,
  } as TilingChoices;
}
