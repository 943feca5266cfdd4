/** Subsets, classes, runs and the accent have colours that never meet, in any kind of colour vision, and stand out from the surface. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { REPORT_SERIES_COLORS } from '../../apps/api/src/report/chart-marks.ts';
import { type ChartPalette, DARK_PALETTE, LIGHT_PALETTE } from '../../apps/web/charts/chart-palette.ts';

type Colour = readonly [number, number, number];

/** Machado, Oliveira and Fernandes (2009), table 1, severity 1.0, in linear light. */
const VISIONS: Record<string, readonly Colour[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distances in Oklab, in which 0.02 can just be seen next to each other. */
const ACROSS_PALETTES = 0.07;
const BETWEEN_RUNS = 0.085;
const FIRST_TWO_RUNS = 0.2;
const WITHIN_THREE = 0.14;
/** Of what a chart draws, by WCAG 2.2 (1.4.11). */
const CONTRAST = 3;

const THEMES: [string, ChartPalette][] = [
  ['light', LIGHT_PALETTE],
  ['dark', DARK_PALETTE],
];

describe.each(THEMES)('the %s palettes', (theme, palette) => {
  const subsets = Object.values(palette.subsets);
  const classes = Object.values(palette.classes);
  const groups = [subsets, classes, palette.series, [palette.accent]];

  it.each(Object.keys(VISIONS))('never meet in %s vision', (vision) => {
    const between = groups.flatMap((group, at) =>
      groups.slice(at + 1).flatMap((others) => group.flatMap((one) => others.map((other) => [one, other]))),
    );
    for (const [one, other] of between) {
      expect([one, other, measureDistance(one!, other!, vision) > ACROSS_PALETTES]).toEqual([
        one,
        other,
        true,
      ]);
    }
    const within = (group: readonly string[]) =>
      Math.min(...listPairs(group).map(([one, other]) => measureDistance(one, other, vision)));
    expect(within(subsets)).toBeGreaterThan(WITHIN_THREE);
    expect(within(classes)).toBeGreaterThan(WITHIN_THREE);
    expect(within(palette.series)).toBeGreaterThan(BETWEEN_RUNS);
    expect(within(palette.series.slice(0, 2))).toBeGreaterThan(FIRST_TWO_RUNS);
  });

  it('stand out from the surface', () => {
    for (const colour of groups.flat()) {
      expect([colour, measureContrast(colour, palette.surface) >= CONTRAST]).toEqual([colour, true]);
    }
  });

  it('are those of the style sheet', async () => {
    const sheet = await readFile(new URL('../../apps/web/app/globals.css', import.meta.url), 'utf8');
    const block = sheet.slice(sheet.indexOf(theme === 'dark' ? '\n.dark {' : ':root {')).split('}')[0]!;
    const read = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block)?.[1];
    const told = ['train', 'validation', 'test', 'positive', 'negative'].map(read);
    expect(told).toEqual([...subsets, ...classes]);
  });
});

it('runs have the same colours on paper as on the light page', () => {
  expect(REPORT_SERIES_COLORS).toEqual(LIGHT_PALETTE.series);
});

function listPairs(group: readonly string[]): [string, string][] {
  return group.flatMap((one, at) => group.slice(at + 1).map((other): [string, string] => [one, other]));
}

function measureDistance(one: string, other: string, vision: string): number {
  const [a, b] = [one, other].map((hex) => toOklab(see(toLinear(hex), VISIONS[vision]!)));
  return Math.hypot(...a!.map((value, at) => value - b![at]!));
}

function measureContrast(one: string, other: string): number {
  const [low, high] = [one, other]
    .map(toLinear)
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
    .toSorted((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

function toLinear(hex: string): Colour {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function see(colour: Colour, matrix: readonly Colour[]): Colour {
  const [red, green, blue] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, at) => sum + weight * colour[at]!, 0),
      ),
    ),
  );
  return [red!, green!, blue!];
}

/** Ottosson (2020). */
function toOklab([red, green, blue]: Colour): number[] {
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}
