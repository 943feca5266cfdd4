/** Split strategies in words: what they are called and what they are for. */

export const STRATEGIES = [
  {
    value: 'PATIENT_STRATIFIED',
    label: 'Stratified by patient',
    note: 'Each patient on one side; sizes and positive share balanced. The usual choice.',
  },
  {
    value: 'CRUZ_ROA_2014',
    label: 'Cruz-Roa 2014 lists',
    note: 'The published lists of patients, to compare with the literature. Missing patients are listed.',
  },
  {
    value: 'K_FOLD',
    label: 'K folds by patient',
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
    label: 'As published',
    note: 'The sides that the source gives. Unsafe where one patient is on several, or where patients are unknown.',
  },
  {
    value: 'RANDOM_PATCH',
    label: 'Random patches (unsafe)',
    note: 'As in many tutorials: patches of one patient land on both sides. Only to show how much that inflates figures. No run on it can be promoted.',
  },
] as const;

export type StrategyValue = (typeof STRATEGIES)[number]['value'];

export function nameStrategy(value: string): string {
  return STRATEGIES.find((strategy) => strategy.value === value)?.label ?? value;
}
