/**
 * Training and inference by backend and architecture: patches a second, peak memory, start-up time. Every
 * combination runs in a process of its own. Arguments: architectures (all when none are named), `--batch N`,
 * `--threads N`, `--seconds N` per measurement. Prints a table and, as its last line, one JSON object.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ARCHITECTURE_NAMES, describeArchitecture } from '@microtome/domain/architectures';
import { findNativeAddon } from '@microtome/train/engine/tensorflow/native-tensorflow';
import type { TrainingMeasurement } from './training-measurement.ts';

const PATCH_SIZE_PX = 50;
const MEBIBYTE = 2 ** 20;
const MEASUREMENT = fileURLToPath(new URL('./training-measurement.ts', import.meta.url));
const COLUMNS = [
  'backend',
  'architecture',
  'M multiply-adds',
  'training/s',
  'inference/s',
  'peak MB',
  'start ms',
];

type Row = TrainingMeasurement & { backend: string; architecture: string; megaMultiplyAdds: number };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: String(availableParallelism()) },
    seconds: { type: 'string', default: '4' },
  },
});

const backends = findNativeAddon() ? ['onnx', 'tensorflow'] : ['onnx'];
const architectures = positionals.length > 0 ? positionals : [...ARCHITECTURE_NAMES];
const rows: Row[] = [];
printLine(COLUMNS);
for (const architecture of architectures) {
  for (const backend of backends) {
    const row = measure(backend, architecture);
    rows.push(row);
    printRow(row);
  }
}
const { batch, threads } = options;
console.log(
  JSON.stringify({ patchSizePx: PATCH_SIZE_PX, batchSize: Number(batch), threads: Number(threads), rows }),
);

function measure(backend: string, architecture: string): Row {
  const request = {
    backend,
    architecture,
    patchSizePx: PATCH_SIZE_PX,
    batchSize: Number(options.batch),
    threads: Number(options.threads),
    seconds: Number(options.seconds),
  };
  const output = execFileSync(process.execPath, [MEASUREMENT, JSON.stringify(request)], { encoding: 'utf8' });
  const { multiplyAdds } = describeArchitecture({
    architecture,
    width: 1,
    dropoutRate: 0.5,
    patchSizePx: PATCH_SIZE_PX,
  });
  return { backend, architecture, megaMultiplyAdds: multiplyAdds / 1e6, ...JSON.parse(output) };
}

function printRow(row: Row): void {
  printLine([
    row.backend,
    row.architecture,
    row.megaMultiplyAdds.toFixed(1),
    row.trainPatchesPerSecond.toFixed(0),
    row.predictPatchesPerSecond.toFixed(0),
    (row.peakBytes / MEBIBYTE).toFixed(0),
    row.startMs.toFixed(0),
  ]);
}

function printLine(cells: readonly string[]): void {
  console.log(cells.map((cell, index) => (index < 2 ? cell.padEnd(15) : cell.padStart(15))).join(' '));
}
