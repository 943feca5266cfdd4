/**
 * Colours for charts in hex, for light and dark: canvas does not read the style sheet's variables. Subsets, classes and runs
 * have palettes that do not meet, nor the accent of buttons and links, also in the eyes of people who lack one kind of
 * cone; all stand out from the surface by 3 to 1. A test measures both.
 */

export type ChartPalette = {
  text: string;
  muted: string;
  line: string;
  surface: string;
  /** Of buttons, links and figures that belong to no subset, class or run. */
  accent: string;
  danger: string;
  subsets: { TRAIN: string; VALIDATION: string; TEST: string };
  classes: { positive: string; negative: string };
  /** For overlaid runs; the first ones differ most. */
  series: readonly string[];
};

export const LIGHT_PALETTE: ChartPalette = {
  text: '#231f29',
  muted: '#6d6775',
  line: '#e2dfe6',
  surface: '#ffffff',
  accent: '#8e1f8f',
  danger: '#c8322f',
  subsets: { TRAIN: '#424568', VALIDATION: '#009090', TEST: '#bb6e13' },
  classes: { positive: '#e45db6', negative: '#0b2b61' },
  series: ['#2a97ef', '#6a4e00', '#879768', '#0046b9', '#383000', '#9c5559', '#745ee0', '#77183f'],
};

export const DARK_PALETTE: ChartPalette = {
  text: '#eceaef',
  muted: '#a9a3b0',
  line: '#3a3541',
  surface: '#1f1b23',
  accent: '#dd86dd',
  danger: '#f08781',
  subsets: { TRAIN: '#676a70', VALIDATION: '#63bda5', TEST: '#f87009' },
  classes: { positive: '#c17291', negative: '#2667cd' },
  series: ['#8bf2ff', '#ad9666', '#d3fe9a', '#897be8', '#c6bf0a', '#c44f16', '#babffe', '#f8cbbb'],
};
