/**
 * Training and inference by network: every backend that works on this machine and, where a Python with Keras or PyTorch
 * is given, those next to it, taking turns. Options: `--backend`, `--network` and `--python` (each may be repeated), `--bf16`
 * (native TensorFlow in bfloat16 as well), `--batch N`, `--side N` pixels of a patch, `--threads N`, `--rounds N`,
 * `--seconds N` a turn, `--clock processor` for a machine that others use (with `--threads 1`: threads that wait actively count
 * as working). Behind a speed stands its share of the most that the processor can do, as ONNX Runtime's product of matrices
 * shows it. Prints tables and, as its last line, one JSON object.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import {
  ARCHITECTURE_NAMES,
  describeArchitecture,
  getArchitecture,
} from '@microtome/domain/network/architectures';
import type { BackendName } from '@microtome/domain/run/backends';
import { detectBackends } from '@microtome/train/detection/detect-backends';
import { type ContenderSpec, describeBackend, describeBf16, findPeers } from './contenders/contender.ts';
import { countPatchFlops, measurePeakFlops } from './contenders/processor-speed.ts';
import { compareWithPeers, type Measured, measureNetwork } from './contenders/training-rounds.ts';

const MEBIBYTE = 2 ** 20;
const NETWORK_OPTIONS = { width: 1, dropoutRate: 0.5 };

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', multiple: true },
    network: { type: 'string', multiple: true },
    python: { type: 'string', multiple: true, default: [] },
    bf16: { type: 'boolean', default: false },
    batch: { type: 'string', default: '64' },
    side: { type: 'string', default: '50' },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    clock: { type: 'string', default: 'wall' },
  },
});

const contenders = await listContenders();
const networks = (options.network ?? [...ARCHITECTURE_NAMES]).map((name) => getArchitecture(name).name);
const batchSize = Number(options.batch);
const patchSizePx = Number(options.side);
const threads = Number(options.threads);
const clock = options.clock === 'processor' ? 'processor' : 'wall';
type Share = { training: number; inference: number };
const rows: (Measured & { network: string; megaMultiplyAdds: number; peakShare: Share })[] = [];
const peakFlops = await measurePeakFlops({ threads, clock });
console.log(`The processor does ${(peakFlops / 1e9).toFixed(0)} GFLOP/s in a product of matrices.\n`);
printRow([
  'network',
  'on',
  'M multiply-adds',
  'training/s (of the peak)',
  'inference/s',
  'peak MB',
  'start ms',
]);
printRow(['---', '---', '---:', '---:', '---:', '---:', '---:']);
for (const network of networks) await measure(network);
if (rows.some(({ ratios }) => ratios.length > 0)) printRatios();
console.log(JSON.stringify({ patchSizePx, batchSize, threads, clock, peakFlops, rows }));

async function listContenders(): Promise<ContenderSpec[]> {
  const backends = (options.backend as BackendName[] | undefined) ?? (await listBackends());
  const narrow = options.bf16 ? [describeBf16()] : [];
  return [...backends.map(describeBackend), ...narrow, ...options.python.flatMap(findPeers)];
}

/** WebGPU on a software driver takes minutes a step, and says nothing of a GPU. */
async function listBackends(): Promise<BackendName[]> {
  const detected = await detectBackends({ env: process.env });
  return detected
    .filter(({ backend, usesGpu }) => usesGpu || backend !== 'webgpu')
    .map(({ backend }) => backend);
}

async function measure(network: string): Promise<void> {
  const layers = getArchitecture(network).layers(NETWORK_OPTIONS);
  const measured = await measureNetwork(contenders, {
    layers,
    patchSizePx,
    batchSize,
    threads,
    clock,
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
  });
  const { multiplyAdds } = describeArchitecture({
    architecture: network,
    ...NETWORK_OPTIONS,
    patchSizePx,
  });
  const flops = countPatchFlops(layers, patchSizePx);
  for (const row of compareWithPeers(measured)) {
    const peakShare = {
      training: (row.trainPatchesPerSecond * flops.training) / peakFlops,
      inference: (row.predictPatchesPerSecond * flops.inference) / peakFlops,
    };
    rows.push({ network, megaMultiplyAdds: multiplyAdds / 1e6, peakShare, ...row });
    printRow([
      network,
      row.name,
      (multiplyAdds / 1e6).toFixed(1),
      `${formatCount(row.trainPatchesPerSecond)} (${formatShare(peakShare.training)})`,
      `${formatCount(row.predictPatchesPerSecond)} (${formatShare(peakShare.inference)})`,
      formatCount(row.peakBytes / MEBIBYTE),
      formatCount(row.startMs),
    ]);
  }
}

function printRatios(): void {
  console.log('\nSpeed over that of a peer, median over the rounds:\n');
  printRow(['network', 'on', 'peer', 'training', 'inference']);
  printRow(['---', '---', '---', '---:', '---:']);
  for (const { network, name, ratios } of rows) {
    for (const { peer, training, inference } of ratios) {
      printRow([network, name, peer, training.toFixed(2), inference.toFixed(2)]);
    }
  }
}

function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
