/** The strategies of a sweep: what each is called in the launch form and in lists, and what it does. */

export const STRATEGIES = ['GRID', 'RANDOM', 'HALVING', 'FOLDS', 'SEEDS'] as const;

export type Strategy = (typeof STRATEGIES)[number];

type StrategyText = { title: string; name: string; about: string };

export const STRATEGY_TEXTS: Record<Strategy, StrategyText> = {
  GRID: { title: 'Grid', name: 'grid', about: 'Every combination of values.' },
  RANDOM: { title: 'Random', name: 'random search', about: 'Seeded draws from values and ranges.' },
  HALVING: { title: 'Halving', name: 'successive halving', about: 'Many short runs; the best train longer.' },
  FOLDS: {
    title: 'Cross-validation',
    name: 'cross-validation',
    about: 'One setting on k folds of the dataset.',
  },
  SEEDS: { title: 'Seeds', name: 'seeds', about: 'One setting, several seeds: training noise.' },
};
