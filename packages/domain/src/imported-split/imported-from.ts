/** What an imported split keeps of its list: how it was understood, how it fits the dataset, and who crosses its sides. */

import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { countUnits, nameUnit } from '../unit/unit-words.ts';
import type { CrossingUnit } from './imported-sides.ts';
import type { Named } from './listed-dataset.ts';
import type { FoundList } from './place-list.ts';

/** The rest is counted. */
const CROSSING_LISTED_MAX = 500;

export type ImportedFrom = FoundList & {
  /** Units on several sides of the list. */
  crossing: { count: number; listed: CrossingUnit[] };
  /** Whether the list has no VALIDATION, which was then taken from TRAIN. */
  tookValidation: boolean;
};

export function keepCrossing(units: readonly CrossingUnit[]): ImportedFrom['crossing'] {
  return { count: units.length, listed: units.slice(0, CROSSING_LISTED_MAX) };
}

/** What is to be known before and after it is stored, as sentences. */
export function describeImport(from: ImportedFrom, unit: SplittingUnit): string[] {
  const { crossing, unknown, ambiguous, unlistedUnits, partlyListedUnits } = from;
  const words = nameUnit(unit);
  const sentences = [`${from.rule} ${NAMES[from.level](words.many)}`];
  if (unit !== 'NONE') {
    sentences.push(
      crossing.count === 0
        ? `No ${words.one} is on two sides.`
        : `${countUnits(unit, crossing.count)} ${be(crossing.count)} on several sides: ${giveExamples({
            count: crossing.count,
            examples: crossing.listed.map(({ key }) => key),
          })}. The split is kept as an unsafe one.`,
    );
  }
  if (unknown.count > 0)
    sentences.push(`The dataset lacks ${unknown.count} of the list's ids: ${giveExamples(unknown)}.`);
  if (ambiguous.count > 0) {
    sentences.push(
      `Left out, since they may mean several things, ${be(ambiguous.count)} ${ambiguous.count} of the list's ids: ${giveExamples(ambiguous)}.`,
    );
  }
  if (unlistedUnits.count > 0 && unit !== 'NONE') {
    sentences.push(
      `The list leaves out ${countUnits(unit, unlistedUnits.count)}: ${giveExamples(unlistedUnits)}.`,
    );
  }
  if (partlyListedUnits.count > 0 && unit !== 'NONE') {
    sentences.push(describePartly(from, unit));
  } else if (from.unlistedPatches > 0) {
    sentences.push(`${from.unlistedPatches.toLocaleString('en')} patches of the dataset are on no side.`);
  }
  if (from.leftOutRows > 0) sentences.push(`Left out for want of an id or a side: ${from.leftOutRows} rows.`);
  if (from.tookValidation) sentences.push('The list has no VALIDATION: a fifth of TRAIN was taken for it.');
  return sentences;
}

const NAMES = {
  UNIT: (units: string) => `They name ${units}.`,
  SLIDE: () => 'They name slides.',
  FILE: () => 'They name files.',
};

/** Of a split by unit the unit goes whole to its side; one by patch is as listed. */
function describePartly({ partlyListedUnits, crossing }: ImportedFrom, unit: SplittingUnit): string {
  const some = `Of ${countUnits(unit, partlyListedUnits.count)} only some patches are listed`;
  const become = crossing.count === 0 ? 'the others go along with them' : 'the others are on no side';
  return `${some}; ${become}: ${giveExamples(partlyListedUnits)}.`;
}

function giveExamples({ count, examples }: Named): string {
  const shown = examples.slice(0, 3).map((one) => `'${one}'`);
  const rest = count - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

function be(count: number): string {
  return count === 1 ? 'is' : 'are';
}
