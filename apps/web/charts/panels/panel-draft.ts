/** What a person types about an added chart, read while they type. Pure. */
import { countNoun } from '../../format/count-noun.ts';
import type { LaidPanel } from './layout-edits.ts';
import { matchNames } from './plot-panels.ts';

export type AddedPanel = Pick<LaidPanel, 'title' | 'names' | 'pattern'>;
type Typed = { text: string; isPattern: boolean; title: string };
/** `panel` is null where it cannot be added, which `refusal` explains. */
type Draft = { panel: AddedPanel | null; note: string; refusal?: string };

const NAMES_MAX = 50;

export function readPanelDraft({ text, isPattern, title }: Typed, known: readonly string[]): Draft {
  const given = text.trim();
  const what = isPattern ? 'an expression' : 'a name';
  if (given === '') return { panel: null, note: describeKnown(known), refusal: `Give ${what}.` };
  if (isPattern && !isExpression(given)) {
    const sentence = `'${given}' is no regular expression.`;
    return { panel: null, note: sentence, refusal: sentence };
  }
  const names = isPattern
    ? []
    : [
        ...new Set(
          given
            .split(',')
            .map((name) => name.trim())
            .filter(Boolean),
        ),
      ];
  if (names.length > NAMES_MAX) {
    const sentence = `There are ${names.length} names: at most ${NAMES_MAX} fit.`;
    return { panel: null, note: sentence, refusal: sentence };
  }
  const panel = { title: title.trim() || given, names, pattern: isPattern ? given : null };
  const found = matchNames(panel, known).length;
  return { panel, note: `${countNoun(found, 'metric')} of ${known.length} here.` };
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function describeKnown(known: readonly string[]): string {
  return known.length === 0 ? 'There is no metric yet.' : `For example ${known[0]}.`;
}
