/**
 * What the patches of a slide are called: by the outlines on it where outlines are used, else by the slide's own label. A
 * slide that should have outlines and has none is refused, since nothing says that there is nothing on it.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  CAMELYON_OUTLINE_RULE,
  type checkOutlineRule,
  labelSquare,
} from '@microtome/domain/outline/label-square';
import type { ReadOutlines } from '@microtome/domain/outline/outline';
import { coverOutlines, type Square } from '@microtome/domain/outline/outline-cover';
import { placeOutlines } from '@microtome/domain/outline/place-outlines';
import { isNegativeLabel } from '@microtome/domain/tiling/slide-labels';
import { nameWithoutEnding } from '@microtome/domain/tiling/slide-name';
import { type SortedOutlines, sortOutlines } from '@microtome/domain/tiling/sort-outlines';
import { readOutlineFile } from '@microtome/slides/outline/read-outline-file';
import { accept, type Checked, refuse } from '../refusal.ts';
import type { TilingOptions } from '../tiling-options.ts';
import type { FoundOutlines } from './find-outlines.ts';

const NAMES_SHOWN = 3;

export type LabelRules = {
  /** Null where patches are called as their slide. */
  outlines: FoundOutlines | null;
  outlineClasses: { positive: readonly string[] | null; holes: readonly string[] };
  /** What patches are called by outlines. */
  classes: { positive: string; negative: string };
};

type Labelled = {
  path: string;
  label: string | null;
  /** Of the finest level. */
  size: { width: number; height: number };
};

/** Null for a square that is neither. */
export type LabelOf = (square: Square) => string | null;

type Labelling = {
  labelOf: LabelOf;
  /** What was drawn on the slide; null where nothing was, or it is not asked for. */
  outlines: SortedOutlines | null;
};

export async function labelTiles(
  slide: Labelled,
  rules: LabelRules,
  options: TilingOptions,
): Promise<Checked<Labelling>> {
  const { label } = slide;
  if (!rules.outlines)
    return label === null ? refuse('NO_CLASS', 'Nothing tells its label.') : acceptWithoutOutlines(label);
  const files = rules.outlines.of(nameWithoutEnding(slide.path));
  const [file, other] = files;
  if (other) return refuse('OUTLINES_UNCLEAR', `It has ${files.length} files of outlines: one is needed.`);
  if (!file) return labelWithoutOutlines(label, rules);
  const sorted = await readOutlines(file, { slide, rules, options }).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return refuse<never>('OUTLINES_UNCLEAR', error.message);
  });
  if (!sorted.ok) return sorted;
  const { inside, holes } = sorted.value;
  if (label !== null && isNegativeLabel(label) && inside.length > 0)
    return refuse(
      'OUTLINES_UNCLEAR',
      `It is called "${label}" and has ${inside.length} outlines of what is looked for.`,
    );
  const cover = coverOutlines({ inside, holes });
  const rule = toRule(options);
  const { positive, negative } = rules.classes;
  const labelOf: LabelOf = (square) => {
    const side = labelSquare(cover, square, rule);
    if (side === 'BETWEEN') return null;
    return side === 'POSITIVE' ? positive : negative;
  };
  return accept({ labelOf, outlines: sorted.value });
}

function acceptWithoutOutlines(label: string): Checked<Labelling> {
  return accept({ labelOf: () => label, outlines: null });
}

function labelWithoutOutlines(label: string | null, { classes }: LabelRules): Checked<Labelling> {
  if (label !== null && isNegativeLabel(label)) return acceptWithoutOutlines(classes.negative);
  const called = label === null ? 'nothing tells that it is negative' : `it is called "${label}"`;
  return refuse('NO_OUTLINES', `There is no file of outlines for it, and ${called}.`);
}

type Reading = { slide: Labelled; rules: LabelRules; options: TilingOptions };

/** Those that are looked for and those that are cut out of them; a fault where that is not clear. */
async function readOutlines(
  file: string,
  { slide, rules, options }: Reading,
): Promise<Checked<SortedOutlines>> {
  const read = placeOutlines(await readOutlineFile(file), slide.size);
  const fault = options.faultyOutlines === 'REFUSE' ? describeRefused(read) : null;
  if (fault) return refuse('OUTLINES_UNCLEAR', fault);
  const sorted = sortOutlines(read.outlines, rules.outlineClasses);
  return accept(sorted);
}

/** Where an outline is missing, what it marks would be called negative. */
function describeRefused({ refused }: ReadOutlines): string | null {
  const [first] = refused;
  if (!first) return null;
  const named = refused.slice(0, NAMES_SHOWN).map(({ name, reason }) => `"${name}" ${reason}`);
  const more = refused.length - named.length;
  const rest = more > 0 ? `; and ${more} more` : '';
  return `Of its outlines ${refused.length} cannot be taken: ${named.join('; ')}${rest}.`;
}

function toRule({ outlineRule, positiveFrom }: TilingOptions): Parameters<typeof checkOutlineRule>[0] {
  return outlineRule === 'CENTRE' ? CAMELYON_OUTLINE_RULE : { kind: 'SHARE', positiveFrom };
}
