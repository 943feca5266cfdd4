/**
 * The paired bootstrap by patient at full size: 277,524 predictions of two runs, 279 patients, 2,000 draws of
 * every metric, on one core. The aim is 1.5 s and 300 MB. Then the step with neighbours is chosen on as many patches of one of them, as a
 * trainer does with VALIDATION. Prints a table and, as its last line, one JSON object.
 */

import { chooseContext } from '@microtome/domain/context/context-step';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { BOOTSTRAP_METRICS, bootstrapByPatient } from '@microtome/domain/statistics/cluster-bootstrap';

const PATCHES = 277_524;
const PATIENTS = 279;
const DRAWS = 2000;
const REPEATS = 5;
const AIM = { seconds: 1.5, megabytes: 300 };
const MEBIBYTE = 2 ** 20;
const PATCH_SIZE_PX = 50;

const runs = createRuns();
const seconds: number[] = [];
const cpuSeconds: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  bootstrapByPatient({ runs, draws: DRAWS, seed: 1 });
  seconds.push((performance.now() - start) / 1000);
  const cpu = process.cpuUsage(cpuBefore);
  cpuSeconds.push((cpu.user + cpu.system) / 1e6);
}
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
const best = Math.min(...seconds);

console.log('figure                      | measured | aim');
console.log(`first run, cold, s          | ${(seconds[0] ?? 0).toFixed(2).padStart(8)} | ${AIM.seconds}`);
console.log(`best of ${REPEATS}, s                | ${best.toFixed(2).padStart(8)} | ${AIM.seconds}`);
const bestCpu = Math.min(...cpuSeconds);
console.log(`of that, on the processor, s | ${bestCpu.toFixed(2).padStart(8)} |`);
console.log(`peak memory of process, MB  | ${peakMegabytes.toFixed(0).padStart(8)} | ${AIM.megabytes}`);
const arraysMegabytes = (PATCHES * (8 + 8 + 1 + 4)) / MEBIBYTE;
console.log(`of which the predictions, MB| ${arraysMegabytes.toFixed(0).padStart(8)} |`);
const context = measureContext();
console.log(`step with neighbours, s     | ${context.seconds.toFixed(2).padStart(8)} |`);
console.log(`of that, on the processor, s | ${context.cpuSeconds.toFixed(2).padStart(8)} |`);
const size = {
  patches: PATCHES,
  patients: PATIENTS,
  draws: DRAWS,
  runs: 2,
  metrics: BOOTSTRAP_METRICS.length,
};
console.log(
  JSON.stringify({ ...size, seconds, bestSeconds: best, cpuSeconds, peakMegabytes, context, aim: AIM }),
);

/** Patients of very different sizes with an effect of their own; scores in float32 precision, as a network gives. */
function createRuns() {
  const random = createRandom(1);
  const effects = Array.from({ length: PATIENTS }, () => gaussian(random));
  const patients = Int32Array.from({ length: PATCHES }, () => Math.floor(PATIENTS * random.next() ** 1.5));
  const labels = Uint8Array.from({ length: PATCHES }, () => (random.next() < 0.28 ? 1 : 0));
  return [2.2, 2].map((signal) => {
    const probabilities = Float64Array.from(labels, (label, index) => {
      const effect = effects[patients[index] ?? 0] ?? 0;
      const logit = signal * label - 1.5 + 0.6 * effect + 1.2 * gaussian(random);
      return Math.fround(1 / (1 + Math.exp(-logit)));
    });
    return { scored: { probabilities, labels, patients }, threshold: 0.5 };
  });
}

/** Once, cold, as a trainer does. The patches of each patient fill a square. */
function measureContext() {
  const { scored } = runs[0]!;
  const counts = new Int32Array(PATIENTS);
  const numbers = scored.patients.map((patient) => counts[patient]!++);
  const sides = Array.from(counts, (count) => Math.ceil(Math.sqrt(count)));
  const x = numbers.map((number, patch) => PATCH_SIZE_PX * (number % sides[scored.patients[patch]!]!));
  const y = numbers.map(
    (number, patch) => PATCH_SIZE_PX * Math.floor(number / sides[scored.patients[patch]!]!),
  );
  const places = { slides: scored.patients, x, y, patchSizePx: PATCH_SIZE_PX };
  const choice = { rule: 'youden', targetSensitivity: 0.9, ownThreshold: 0.5 } as const;
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  const step = chooseContext({ scored, places }, choice);
  const cpu = process.cpuUsage(cpuBefore);
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    step,
  };
}
