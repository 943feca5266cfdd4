/** Colours for charts in hex, for light and dark: canvas does not read the style sheet's variables. */

export type ChartPalette = {
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  danger: string;
  subsets: { TRAIN: string; VALIDATION: string; TEST: string };
  /** For overlaid runs: told apart in both themes and by colour-blind readers. */
  series: readonly string[];
};

export const LIGHT_PALETTE: ChartPalette = {
  text: '#231f29',
  muted: '#6d6775',
  line: '#e2dfe6',
  surface: '#ffffff',
  accent: '#8e1f8f',
  danger: '#c8322f',
  subsets: { TRAIN: '#6b7fa6', VALIDATION: '#0f9488', TEST: '#a53fb0' },
  series: ['#8e1f8f', '#0f8b80', '#c2570c', '#2f5fb3', '#b42355', '#5b7a1c', '#6b5b95', '#8a6d1f'],
};

export const DARK_PALETTE: ChartPalette = {
  text: '#eceaef',
  muted: '#a9a3b0',
  line: '#3a3541',
  surface: '#1f1b23',
  accent: '#dd86dd',
  danger: '#f08781',
  subsets: { TRAIN: '#93a7cf', VALIDATION: '#4ec7b8', TEST: '#dd86dd' },
  series: ['#dd86dd', '#4ec7b8', '#f0a35e', '#7fa8f0', '#f2849f', '#a9cc63', '#b3a5dd', '#d9bb62'],
};
