/** The picture of the results page: AUC with its interval for every network, by patient and on random patches. */

import type { Figure } from './page-words.ts';
import type { Results } from './train-networks.ts';
import { readTestFigure } from './write-page.ts';

const WIDTH_PX = 760;
const LABEL_PX = 150;
const ROW_PX = 44;
const HEAD_PX = 44;
const FOOT_PX = 44;
const MARGIN_PX = 24;
const BY_PATIENT = '#0f766e';
const RANDOM = '#b45309';
const TICK = 0.02;

/** An SVG with a ground of its own, so that it can be read on a light and on a dark page. */
export function drawPicture({ byPatient, random }: Results): string {
  const rows = byPatient.runs.map((run, index) => ({
    name: run.architecture,
    honest: readTestFigure(run, 'auc'),
    leaky: readTestFigure(random.runs[index]!, 'auc'),
  }));
  const ends = rows.flatMap(({ honest, leaky }) => [honest.low, honest.high, leaky.low, leaky.high]);
  const from = Math.floor(Math.min(...ends) / TICK) * TICK;
  const to = Math.min(1, Math.ceil(Math.max(...ends) / TICK) * TICK);
  const place = (value: number) =>
    LABEL_PX + ((value - from) / (to - from)) * (WIDTH_PX - LABEL_PX - MARGIN_PX);
  const bottom = HEAD_PX + rows.length * ROW_PX;
  const ticks = Array.from({ length: Math.round((to - from) / TICK) + 1 }, (_, index) => from + index * TICK);
  const parts = [
    ...ticks.map((value) => drawTick(place(value), bottom, value.toFixed(2))),
    drawKey(LABEL_PX, BY_PATIENT, 'split by patient'),
    drawKey(LABEL_PX + 150, RANDOM, 'random patches (a leak)'),
    ...rows.flatMap(({ name, honest, leaky }, index) => {
      const middle = HEAD_PX + (index + 0.5) * ROW_PX;
      return [
        `<text x="${LABEL_PX - 12}" y="${middle + 4}" text-anchor="end">${name}</text>`,
        drawInterval(honest, place, middle - 7, BY_PATIENT),
        drawInterval(leaky, place, middle + 7, RANDOM),
      ];
    }),
    `<text x="${(LABEL_PX + WIDTH_PX) / 2}" y="${bottom + 36}" text-anchor="middle">AUC on TEST, 95 % intervals by patient</text>`,
  ];
  const height = bottom + FOOT_PX;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${height}" viewBox="0 0 ${WIDTH_PX} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1c1917">`,
    `<rect width="${WIDTH_PX}" height="${height}" rx="8" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawTick(x: number, bottom: number, label: string): string {
  return (
    `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${HEAD_PX}" y2="${bottom}" stroke="#e7e5e4"/>` +
    `<text x="${x.toFixed(1)}" y="${bottom + 16}" text-anchor="middle" fill="#57534e" font-size="11">${label}</text>`
  );
}

function drawKey(x: number, colour: string, label: string): string {
  return `<circle cx="${x + 6}" cy="22" r="5" fill="${colour}"/><text x="${x + 18}" y="26">${label}</text>`;
}

function drawInterval(
  { value, low, high }: Figure,
  place: (value: number) => number,
  y: number,
  colour: string,
): string {
  const [from, at, to] = [low, value, high].map((end) => place(end).toFixed(1));
  return (
    `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>` +
    `<circle cx="${at}" cy="${y}" r="5" fill="${colour}"/>`
  );
}
