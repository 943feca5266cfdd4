/** Split strategies in words, those of the dataset's unit: what they are called and what they are for. */
import type { UnitWords } from '../unit/unit-words.ts';

/** `{one}` and `{by}` stand for the unit. */
export const STRATEGIES = [
  {
    value: 'PATIENT_STRATIFIED',
    label: 'Stratified {by}',
    note: 'Each {one} on one side; sizes and positive share balanced. The usual choice.',
  },
  {
    value: 'CRUZ_ROA_2014',
    label: 'Cruz-Roa 2014 lists',
    note: 'The published lists of patients, to compare with the literature. Missing patients are listed.',
  },
  {
    value: 'K_FOLD',
    label: 'K folds {by}',
    note: 'One split per fold: TEST is the fold, VALIDATION the next one.',
  },
  {
    value: 'BY_SITE',
    label: 'By site',
    note: 'Whole sites on each side: the ones named are TEST, or each site is TEST once, in a split of its own.',
  },
  {
    value: 'PRESERVED_SITES',
    label: 'K folds by site',
    note: 'One split per fold, no site on two sides.',
  },
  {
    value: 'PUBLISHED',
    label: 'The publisher’s split',
    note: 'The sides that the source gives. Unsafe where one {one} is on several.',
  },
  {
    value: 'IMPORTED',
    label: 'From a list',
    note: 'A list of a published split, or of your own: it is audited, what was found is shown, and then it is stored.',
  },
  {
    value: 'RANDOM_PATCH',
    label: 'Random patches (unsafe)',
    note: 'As in many tutorials: patches of one {one} land on both sides. Only to show how much that inflates figures. No run on it can be promoted.',
  },
] as const;

export type StrategyValue = (typeof STRATEGIES)[number]['value'];

type Words = Pick<UnitWords, 'one' | 'by'>;

export function nameStrategy(value: string, unit: Words): string {
  const label = STRATEGIES.find((strategy) => strategy.value === value)?.label;
  return label ? sayOf(label, unit) : value;
}

/** A text about strategies with the words of the unit. */
export function sayOf(text: string, { one, by }: Words): string {
  return text.replaceAll('{one}', one).replaceAll('{by}', by);
}
