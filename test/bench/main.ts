/**
 * `npm run bench [-- NAME… [OPTION…]]`: runs the benchmarks one after another, each in a process of its own so that peak
 * memory is its own; options go to the one that is named. Each prints a table and, as its last line, one JSON object;
 * all of them go to `.microtome/bench.json`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const BENCHMARKS: Record<string, string> = {
  import: 'patches a second, peak memory and refused files of an import, next to sharp alone',
  manifest: 'JPEG patches by a manifest, next to sharp alone; a long manifest joined to its files',
  events: 'from the insert of an epoch event to its receipt by a WebSocket client',
  subscribers:
    '500 subscribers on one API process, an epoch a second from each of 50 runs: time to receipt, memory',
  tracking:
    'numbers recorded a second and questions answered, next to the real MLflow server (--python FILE)',
  questions: 'the twenty questions of the cookbook, and a search by a metric, over 20,000 runs',
  claims: 'how long a worker waits for its run with 100,000 runs in the queue',
  data: 'from packed shards to augmented batches: patches a second on one core, and the wait of a step',
  training: 'training and inference patches a second by network and backend, next to Keras and PyTorch',
  gpu: 'training on a GPU by backend, network, size and batch, next to PyTorch on it: a sitting of at most 8 minutes',
  'time-left': 'time left as runs report it, over what was truly left',
  backup: 'a backup and its restore, next to tar and zstd alone on the same files',
  verify: 'what the check of every file against its hash costs, of a read and of a step',
  statistics: 'paired clustered bootstrap on a dataset of full size',
  comparison: 'what the page of a comparison of 200 runs asks of the API, on a TEST of full size',
  audit: 'near-identical patches: planted copies found, cost by the number of patches',
  'split-audits': 'a dataset imported, split in three ways and audited, side by side',
  slides: 'squares cut from a slide, next to sharp alone on the same squares',
  tiling: 'a slide of 8 billion pixels becomes a dataset, next to sharp alone on the same regions',
  analyses:
    'a slide of 8 billion pixels analysed, its worker killed in the middle, next to ONNX Runtime alone',
  viewer:
    'a slide of 20,000 patches, or of --patches, in a real browser: its tiles on a busy server, frames a second, the readout',
  analyser:
    '2,000 patches through the analyser in a real browser, in its parts, next to a worker on the same',
  dashboard:
    'the dashboard over 10,000 runs in a real browser: its table, the page of a run that trains, memory, weight; beside MLflow',
  coverage: 'coverage of the 95 % intervals in a simulation',
};
const OUTPUT_DIR = '.microtome';

const given = process.argv.slice(2);
const firstOption = given.findIndex((argument) => argument.startsWith('--'));
const wanted = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
if (wanted.length === 0 && options[0] === '--help') {
  const about = Object.entries(BENCHMARKS).map(([name, text]) => `  ${name.padEnd(14)}${text}`);
  console.log(
    `Usage: bench [name ...] [options of one]\n\nAll when none is named; NAME --help lists the options of one.\n\n${about.join('\n')}`,
  );
  process.exit(0);
}
if (options.length > 0 && wanted.length !== 1) {
  console.error(`Options go to one benchmark, e.g. "training ${options.join(' ')}"; name it before them.`);
  process.exit(1);
}
const unknown = wanted.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}". There are: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(1);
}

const results: Record<string, unknown> = {};
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) {
  console.log(`\n${name}: ${BENCHMARKS[name]}`);
  results[name] = await runBenchmark(name);
}
await mkdir(OUTPUT_DIR, { recursive: true });
const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
await writeFile(`${OUTPUT_DIR}/bench.json`, `${JSON.stringify({ machine, results }, null, 2)}\n`);
console.log(`\nAll figures: ${OUTPUT_DIR}/bench.json`);

/** A benchmark is a file, or a folder with a file of its own name. */
function findScript(name: string): string {
  const [file, inFolder] = [`./${name}.ts`, `./${name}/${name}.ts`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return existsSync(file!) ? file! : inFolder!;
}

async function runBenchmark(name: string): Promise<unknown> {
  const child = spawn(process.execPath, [findScript(name), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) {
    process.exitCode = 1;
    return { failed: `status ${code}` };
  }
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? 'null');
}
