/** What the probabilities of a file's patches come to, and all of them as a table. Pure. */
import type { AnalysedFile } from '../messages.ts';

const MICRONS_PER_MM = 1000;

export type FileSummary = {
  patches: number;
  /** At the threshold or above. */
  called: number;
  mean: number;
  highest: number;
  /** Called; null where the scale is not known, or patches overlap. */
  calledMm2: number | null;
};

type Asked = Pick<AnalysedFile, 'probabilities' | 'micronsPerPixel' | 'sidePx'>;

export function summarise(
  file: Asked,
  { threshold, stride }: { threshold: number; stride: number },
): FileSummary {
  const { probabilities, micronsPerPixel, sidePx } = file;
  let [called, sum, highest] = [0, 0, 0];
  for (const probability of probabilities) {
    if (probability >= threshold) called++;
    sum += probability;
    highest = Math.max(highest, probability);
  }
  const sideMm = micronsPerPixel === null ? null : (sidePx * micronsPerPixel) / MICRONS_PER_MM;
  return {
    patches: probabilities.length,
    called,
    mean: probabilities.length === 0 ? 0 : sum / probabilities.length,
    highest,
    calledMm2: sideMm === null || stride < 1 ? null : called * sideMm * sideMm,
  };
}

/** What is known of a file of which so many patches are done, when it is cancelled. They are done in their order. */
export function cutShort(file: AnalysedFile, done: number): AnalysedFile {
  return {
    ...file,
    cells: file.cells.slice(0, done),
    probabilities: file.probabilities.slice(0, done),
    left: file.cells.length - done,
  };
}

const COLUMNS = 'file,kind,x,y,side,microns_per_pixel,probability,threshold,called,complete';

/** A row a patch. Places and sides are pixels of the file's finest level; a file is complete unless it was cancelled. */
export function writeTable(files: readonly AnalysedFile[], threshold: number): string {
  const lines = [COLUMNS];
  for (const file of files) {
    const { path, kind, sidePx, micronsPerPixel, probabilities, left } = file;
    const name = quote(path);
    for (const [at, probability] of probabilities.entries()) {
      const { x, y } = placePatch(file, at);
      lines.push(
        [
          name,
          kind.toLowerCase(),
          round(x),
          round(y),
          round(sidePx),
          micronsPerPixel ?? '',
          probability,
          threshold,
          probability >= threshold ? 1 : 0,
          left === 0 ? 1 : 0,
        ].join(','),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The corner of its square. */
function placePatch(
  { columns, stepPx, cells }: Pick<AnalysedFile, 'columns' | 'stepPx' | 'cells'>,
  at: number,
): { x: number; y: number } {
  const cell = cells[at] ?? 0;
  return { x: (cell % columns) * stepPx, y: Math.floor(cell / columns) * stepPx };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Also against a spreadsheet that takes a name for a formula. */
function quote(name: string): string {
  const safe = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
