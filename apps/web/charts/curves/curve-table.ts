/** The curves of a chart as a table in a file: a row a place, a column a curve. Pure. */
import { type PlottedCurve, placeOf } from './plotted-curve.ts';
import { smoothValues } from './smooth-curve.ts';

/** As CSV of RFC 4180; a place without a number has an empty cell, and what is no number says so. */
export function writeCurveTable(
  curves: readonly PlottedCurve[],
  { axisName, smoothing }: { axisName: string; smoothing: number },
): string {
  const columns = curves.flatMap(listColumns(smoothing));
  const places = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  const head = [axisName, ...columns.map(({ name }) => name)].map(writeText);
  const rows = places.map((place) => [place, ...columns.map(({ values }) => values.get(place) ?? '')]);
  return `${[head, ...rows].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

type Column = { name: string; values: Map<number, number> };

function listColumns(smoothing: number): (curve: PlottedCurve) => Column[] {
  return ({ name, points, band }) => {
    const columns = [{ name, values: new Map(points.map((point) => [placeOf(point), point.value])) }];
    if (smoothing > 0) {
      const smoothed = smoothValues(
        points.map(({ value }) => value),
        smoothing,
      );
      const values = new Map(points.map((point, at) => [placeOf(point), smoothed[at] ?? Number.NaN]));
      columns.push({ name: `${name}, smoothed by ${smoothing}`, values });
    }
    if (band) {
      columns.push({ name: `${name}, low`, values: new Map(band.map(({ x, low }) => [x, low])) });
      columns.push({ name: `${name}, high`, values: new Map(band.map(({ x, high }) => [x, high])) });
    }
    return columns;
  };
}

/** A spreadsheet takes a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function writeText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
