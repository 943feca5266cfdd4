/**
 * The search for near-identical patches: how many planted copies of each kind it finds in real tissue, how many pairs
 * it reports in the same tissue without them, and what it costs by the number of patches (datasets put together from
 * quarters of real patches). Argument: a zip of the IDC set. Prints Markdown tables, as in docs/leakage-audit.md, and,
 * as its last line, one JSON object.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findNearDuplicates } from '@microtome/domain/audit/near-duplicates';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import { COPY_KINDS, COPY_SIZE_PX, type CopyKind, plantCopy } from '../fixtures/planted-copies.ts';
import { readRealPatches } from '../fixtures/real-patches.ts';

const DEFAULT_PATH = fileURLToPath(new URL('../../../shared/data/idc-sample.zip', import.meta.url));
const COPIES_PER_KIND = 300;
const SIZES = [30_000, 100_000, 277_524];
const QUARTER_PX = COPY_SIZE_PX / 2;
const ROW_BYTES = COPY_SIZE_PX * 3;

const path = process.argv[2] ?? DEFAULT_PATH;
if (!existsSync(path)) {
  console.log(`There is no ${path}: name a zip of real patches.\nnull`);
  process.exit();
}
const patches = await readRealPatches(path);
const clean = measure(() => search(patches.length, readReal));
console.log(
  `${patches.length} patches, ${clean.result.emptyPatches} of them empty: ` +
    `${clean.result.pairs.length} pairs among all, in ${clean.cpuSeconds.toFixed(0)} s of one core.\n`,
);
const recall = await measureRecall();
const costs = SIZES.map(measureCost);
console.log(JSON.stringify({ patches: patches.length, clean, recall, costs }));

function readReal(index: number): Uint8Array {
  return patches[index]!;
}

function search(
  patchCount: number,
  readPatch: (index: number) => Uint8Array,
  mayPair?: (first: number, second: number) => boolean,
) {
  return findNearDuplicates({ patchCount, patchSizePx: COPY_SIZE_PX, readPatch, mayPair });
}

function measure<Result>(work: () => Result) {
  const before = process.cpuUsage();
  const startMs = performance.now();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - startMs) / 1000 };
}

async function measureRecall() {
  const random = createRandom(5);
  const copies: Uint8Array[] = [];
  const planted: { kind: CopyKind; original: number }[] = [];
  for (const kind of COPY_KINDS) {
    for (let copy = 0; copy < COPIES_PER_KIND; ) {
      const original = Math.floor(random.next() * patches.length);
      const other = patches[Math.floor(random.next() * patches.length)]!;
      if (search(1, () => patches[original]!).emptyPatches > 0) continue;
      copies.push(await plantCopy(patches[original]!, { kind, random, other }));
      planted.push({ kind, original });
      copy++;
    }
  }
  const isCopy = (index: number) => index >= patches.length;
  const { pairs } = search(
    patches.length + copies.length,
    (index) => patches[index] ?? copies[index - patches.length]!,
    (first, second) => isCopy(first) !== isCopy(second),
  );
  const found = new Set(pairs.map(({ first, second }) => `${first} ${second - patches.length}`));
  console.log(`| copy | found of ${COPIES_PER_KIND} |\n|---|---:|`);
  const rows = COPY_KINDS.map((kind) => {
    const count = planted.filter(
      (one, copy) => one.kind === kind && found.has(`${one.original} ${copy}`),
    ).length;
    console.log(`| ${kind} | ${count} |`);
    return { kind, found: count };
  });
  const strays = pairs.length - found.size + [...found].filter((key) => !isPlanted(key)).length;
  console.log(`\nOther pairs reported: ${strays}.\n`);
  return { rows, strays };

  function isPlanted(key: string): boolean {
    const [original, copy] = key.split(' ').map(Number);
    return planted[copy!]?.original === original;
  }
}

/** Sides are dealt out by patient in life: here by index, 60, 20 and 20 of 100. */
function measureCost(patchCount: number) {
  const sideOf = (index: number) => Math.max(0, (index % 5) - 2);
  const { result, cpuSeconds, seconds } = measure(() =>
    search(patchCount, readPatchwork, (first, second) => sideOf(first) !== sideOf(second)),
  );
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  if (patchCount === SIZES[0]) console.log('| patches | seconds of one core | pairs |\n|---:|---:|---:|');
  console.log(
    `| ${patchCount.toLocaleString('en-US')} | ${cpuSeconds.toFixed(0)} | ${result.pairs.length} |`,
  );
  return { patchCount, cpuSeconds, seconds, pairs: result.pairs.length, peakMegabytes };
}

/** A patch of which each quarter is that of another real patch. */
function readPatchwork(index: number): Uint8Array {
  const random = createRandom(deriveSeed(1, 'patchwork', index));
  const patch = new Uint8Array(COPY_SIZE_PX ** 2 * 3);
  for (const top of [0, QUARTER_PX]) {
    for (const left of [0, QUARTER_PX]) {
      const source = patches[Math.floor(random.next() * patches.length)]!;
      for (let row = top; row < top + QUARTER_PX; row++) {
        const start = row * ROW_BYTES + left * 3;
        patch.set(source.subarray(start, start + QUARTER_PX * 3), start);
      }
    }
  }
  return patch;
}
