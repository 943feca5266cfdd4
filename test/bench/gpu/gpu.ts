/**
 * Training on a GPU, in one sitting of at most `--minutes` (8): for each backend that finds one, whether it repeats itself
 * and survives a kill, then patches a second, memory and start-up by network, size and batch, next to PyTorch on the same GPU
 * where a `--python` has it. Needs no network. After each step all that is known goes to `gpu.json` and `gpu.txt` in `--out`
 * (`.microtome/gpu`), so that a sitting which is cut off loses nothing. `--backend NAME` measures one whether or not it
 * finds a GPU; `--network NAME` may be repeated; `--size PX` and `--batch N` measure at these alone (a software driver takes a
 * minute for what a GPU does at once); `--bundle FILE` measures what `npm run bundle -- --webgpu` packed.
 * A machine that has no Node starts `test/bench/gpu/run-from-bundle.sh FILE` itself.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getArchitecture } from '@microtome/domain/network/architectures';
import type { BackendName } from '@microtome/domain/run/backends';
import { type DetectedBackend, detectBackends } from '@microtome/train/detection/detect-backends';
import { type ContenderSpec, describeBackend, findGpuPeers } from '../contenders/contender.ts';
import {
  compareWithPeers,
  type Measured,
  type MeasuredRounds,
  measureNetwork,
} from '../contenders/training-rounds.ts';
import { watchGpuMemory } from './gpu-memory.ts';
import { type GpuCase, planGpuCases } from './gpu-plan.ts';
import { checkRepetition, type Repetition } from './repeat-itself.ts';

const MINUTE_MS = 60_000;
/** One measurement that takes longer says nothing that is worth waiting for. */
const CASE_LIMIT_MS = 60_000;
const REPETITION_LIMIT_MS = 90_000;
const REPETITION = { patchSizePx: 50, batchSize: 64, steps: 8 };
const TURN = { rounds: 2, seconds: 1, clock: 'wall' } as const;
/** With less time left than this, nothing further is begun. */
const SMALLEST_REST_MS = 5_000;

type Row = Omit<Measured, 'isPeer'> & GpuCase & { gpuBytes: number | null };
type Report = {
  machine: { cpu: string | undefined; cores: number; node: string };
  backends: DetectedBackend[];
  absent: { backend: string; reason: string }[];
  repetitions: (Repetition & { backend: string })[];
  rows: Row[];
  leftOut: { what: string; reason: string }[];
};

const { values: options } = parseArgs({
  options: {
    bundle: { type: 'string' },
    backend: { type: 'string', multiple: true },
    network: { type: 'string', multiple: true },
    python: { type: 'string', multiple: true, default: [] },
    size: { type: 'string' },
    batch: { type: 'string' },
    minutes: { type: 'string', default: '8' },
    out: { type: 'string', default: '.microtome/gpu' },
  },
});
const only = {
  ...(options.size ? { patchSizePx: Number(options.size) } : {}),
  ...(options.batch ? { batchSize: Number(options.batch) } : {}),
};
const outDir = resolve(options.out);
const endMs = performance.now() + Number(options.minutes) * MINUTE_MS;
const lines: string[] = [];

if (options.bundle) await runFromBundle(options.bundle);
else await measureAll();

/** The same program once more, by the Node and the worker of the bundle. */
async function runFromBundle(bundle: string): Promise<void> {
  const script = fileURLToPath(new URL('./run-from-bundle.sh', import.meta.url));
  const given = process.argv.slice(2);
  const at = given.findIndex((argument) => argument.startsWith('--bundle'));
  given.splice(at, given[at] === '--bundle' ? 2 : 1);
  const child = spawn('sh', [script, resolve(bundle), '--out', outDir, ...given], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  process.exitCode = code ?? 1;
}

async function measureAll(): Promise<void> {
  await mkdir(outDir, { recursive: true });
  const report: Report = {
    machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version },
    backends: [],
    absent: [],
    repetitions: [],
    rows: [],
    leftOut: [],
  };
  report.backends = await findBackends(report);
  await keep(report);
  for (const { backend } of report.backends) await repeat(report, backend);
  const peers = options.python.flatMap(findGpuPeers);
  const specs = [...report.backends.map(({ backend }) => describeBackend(backend)), ...peers];
  if (report.backends.length > 0) await measureCases(report, specs);
  say(`${report.rows.length} rows, ${report.leftOut.length} left out; ${secondsLeft()} s were left.`);
  await keep(report);
  console.log(JSON.stringify(report));
}

async function findBackends(report: Report): Promise<DetectedBackend[]> {
  const found = await detectBackends({
    env: process.env,
    onAbsent: (absent) => {
      report.absent.push(absent);
      say(`absent: ${absent.backend}: ${absent.reason}`);
    },
  });
  const wanted = options.backend as BackendName[] | undefined;
  const chosen = found.filter(({ backend, usesGpu }) => wanted?.includes(backend) ?? usesGpu);
  for (const { backend, device, versions } of chosen) {
    say(`${backend}: ${device}; ${Object.entries(versions).flat().join(' ')}`);
  }
  if (chosen.length === 0) say('No backend finds a GPU on this machine: there is nothing to measure.');
  return chosen;
}

async function repeat(report: Report, backend: BackendName): Promise<void> {
  for (const network of options.network ?? ['deep', 'shallow']) {
    const what = `${backend}, ${network}: repetition`;
    await within(report, { what, limitMs: REPETITION_LIMIT_MS }, async (signal) => {
      const found = await checkRepetition({
        backend,
        network,
        ...REPETITION,
        ...only,
        scratchDir: outDir,
        signal,
      });
      report.repetitions.push({ backend, ...found });
      const same = (isSame: boolean) => (isSame ? 'the same bits' : 'OTHER BITS');
      say(`${what}: twice ${same(found.isSameTwice)}, after a kill ${same(found.isSameAfterKill)}`);
    });
  }
}

async function measureCases(report: Report, specs: readonly ContenderSpec[]): Promise<void> {
  say(
    'network, pixels, batch | on | training/s | inference/s | of each peer, training and inference | GPU MB | start ms',
  );
  const cases = planGpuCases(options.network, only);
  for (const [at, one] of cases.entries()) {
    if (isOver()) {
      const { network, patchSizePx, batchSize } = one;
      const what = `${network}, ${patchSizePx} px, ${batchSize} and ${cases.length - at - 1} cases after it`;
      return leaveOut(report, what, 'the sitting is over');
    }
    const rounds: MeasuredRounds[] = [];
    const memory = new Map<string, number | null>();
    for (const spec of specs) {
      const what = `${one.network}, ${one.patchSizePx} px, ${one.batchSize} | ${spec.name}`;
      await within(report, { what, limitMs: CASE_LIMIT_MS }, async (signal) => {
        const { result, gpuBytes } = await watchGpuMemory(() => measureCase(spec, one, signal));
        rounds.push(...result);
        memory.set(spec.name, gpuBytes);
      });
    }
    for (const { isPeer: _isPeer, ...measured } of compareWithPeers(rounds)) {
      const row = { ...one, ...measured, gpuBytes: memory.get(measured.name) ?? null };
      report.rows.push(row);
      say(describeRow(row));
    }
    await keep(report);
  }
}

async function measureCase(
  spec: ContenderSpec,
  one: GpuCase,
  signal: AbortSignal,
): Promise<MeasuredRounds[]> {
  const { network, patchSizePx, batchSize } = one;
  const layers = getArchitecture(network).layers({ width: 1, dropoutRate: 0.5 });
  const request = { layers, patchSizePx, batchSize, threads: availableParallelism(), signal, ...TURN };
  const measured = await measureNetwork([spec], request);
  if (measured.length === 0) throw new Error('it did not start; the reason stands above');
  return measured;
}

/** What fails, or takes longer than its limit or than the sitting has, is named and does not end the sitting. */
async function within(
  report: Report,
  { what, limitMs }: { what: string; limitMs: number },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (isOver()) return leaveOut(report, what, 'the sitting is over');
  const allowedMs = Math.ceil(Math.min(limitMs, endMs - performance.now()));
  const signal = AbortSignal.timeout(allowedMs);
  try {
    await work(signal);
  } catch (error) {
    if (signal.aborted) leaveOut(report, what, `it took longer than ${Math.round(allowedMs / 1000)} s`);
    else leaveOut(report, what, (error as Error).message.trim().split('\n').at(-1) ?? 'unknown');
  }
  await keep(report);
}

function isOver(): boolean {
  return endMs - performance.now() < SMALLEST_REST_MS;
}

function leaveOut(report: Report, what: string, reason: string): void {
  report.leftOut.push({ what, reason });
  say(`${what} | left out: ${reason}`);
}

function describeRow(row: Row): string {
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const ratios = row.ratios.map(
    ({ peer, training, inference }) => `${peer} ${training.toFixed(2)} and ${inference.toFixed(2)}`,
  );
  return [
    `${row.network}, ${row.patchSizePx}, ${row.batchSize}`,
    row.name,
    count(row.trainPatchesPerSecond),
    count(row.predictPatchesPerSecond),
    ratios.join('; ') || '–',
    row.gpuBytes === null ? '–' : count(row.gpuBytes / 2 ** 20),
    count(row.startMs),
  ].join(' | ');
}

function say(line: string): void {
  lines.push(line);
  console.log(line);
}

async function keep(report: Report): Promise<void> {
  await writeFile(join(outDir, 'gpu.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(outDir, 'gpu.txt'), `${lines.join('\n')}\n`);
}

function secondsLeft(): number {
  return Math.max(0, Math.round((endMs - performance.now()) / 1000));
}
