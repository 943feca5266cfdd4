/** What `npm run import` prints: a bar while it goes on, then what came in and what did not. */

import { countNoun } from '@microtome/domain/count-noun';
import { countSides } from '@microtome/domain/task/task';
import { countUnits, nameUnit } from '@microtome/domain/unit/unit-words';
import { describeChanges } from '@microtome/store/import/change-log';
import type { ImportReport } from '@microtome/store/import/import-report';
import type { ImportProgress } from '@microtome/store/import/progress-meter';
import cliProgress from 'cli-progress';

const BAR_FORMAT =
  '{phase} {bar} {percentage}% | {value} of {total} files | {rate} | {left} | {refused} refused';
const PATIENTS_SHOWN = 25;
const REFUSALS_SHOWN = 20;
const CHANGES_SHOWN = 10;

const count = (value: number) => value.toLocaleString('en');
const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

type ProgressBar = { update(progress: ImportProgress): void; stop(): void };

/** A bar on a terminal; elsewhere one line a phase. */
export function createProgressBar(): ProgressBar {
  const options = { format: BAR_FORMAT, hideCursor: true, noTTYOutput: false, barsize: 24 };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  let phase = '';
  return {
    update(progress) {
      const { filesTotal, filesDone, filesPerSecond, secondsLeft } = progress;
      if (!process.stderr.isTTY) {
        if (progress.phase !== phase)
          console.log(`· ${progress.phase}${filesTotal ? ` ${count(filesTotal)} files` : ''}`);
      } else {
        const rate = filesPerSecond === null ? '–' : `${count(Math.round(filesPerSecond))} a second`;
        const left = secondsLeft === null ? '–' : `${Math.ceil(secondsLeft)} s left`;
        const payload = { phase: progress.phase.padEnd(8), rate, left, refused: progress.filesRefused };
        if (phase === '') bar.start(filesTotal, filesDone, payload);
        bar.setTotal(filesTotal);
        bar.update(filesDone, payload);
      }
      phase = progress.phase;
    },
    stop: () => bar.stop(),
  };
}

/** Prints the report; at most a screenful of patients and refusals each. */
export function printImportReport(report: ImportReport): void {
  const { patchCount, stripCount, patchSizePx, patients, leftOutCount, classes, task } = report;
  console.log(
    `  ${countNoun(patchCount, 'patch')} of ${patchSizePx} x ${patchSizePx} pixels, ${countUnits(report.unit, patients.length)}: ` +
      classes
        .map((one) => `${count(one.patchCount)} ${one.name} (${percent(one.patchCount, patchCount)})`)
        .join(', '),
  );
  if (report.unitNotice) console.log(`  ${report.unitNotice}`);
  console.log(task ? `  task: ${task.name}` : '  no task: all patches are of one class');
  if (stripCount > 0) console.log(`  ${countNoun(stripCount, 'edge strip')}, kept apart from training`);
  if (leftOutCount > 0) console.log(`  ${count(leftOutCount)} files left out, as asked`);
  const hasPlaces = report.slides.some(({ widthPx }) => widthPx !== null);
  if (hasPlaces && report.placesFrom === 0) console.log('  places count from 0');
  const channels = ['red', 'green', 'blue'].map(
    (name, channel) =>
      `${name} ${report.channelMean[channel]?.toFixed(4)} ± ${report.channelSd[channel]?.toFixed(4)}`,
  );
  console.log(`  mean ± standard deviation (0 to 1): ${channels.join(', ')}`);
  const rate = Math.round(report.decodedFiles / report.decodeSeconds);
  console.log(
    `  ${report.seconds.toFixed(1)} s, ${count(rate)} files a second; digest ${report.digest.slice(0, 16)}…`,
  );
  printPatients(report);
  printRefusals(report);
  printChanges(report);
}

function printPatients({ patients, task, unit }: ImportReport): void {
  // Its one row stands for no patient.
  if (unit === 'NONE') return;
  const heading = (task?.positiveName ?? '').slice(0, 16).padStart(16);
  const { one, many } = nameUnit(unit);
  const shown = patients.slice(0, PATIENTS_SHOWN);
  const width = Math.max(18, ...shown.map(({ key }) => key.length));
  console.log(`\n  ${one.padEnd(width + 2)} patches ${heading}   share  strips`);
  for (const patient of shown) {
    const { key, patchCount, classCounts, stripCount } = patient;
    const { positives, negatives } = countSides(task?.sides ?? [], classCounts);
    const share = percent(positives, positives + negatives).padStart(8);
    console.log(
      `  ${key.padEnd(width)} ${count(patchCount).padStart(9)} ${count(positives).padStart(16)}${share} ${count(stripCount).padStart(7)}`,
    );
  }
  const more = patients.length - PATIENTS_SHOWN;
  if (more > 0) console.log(`  and ${count(more)} more ${many}`);
}

function printRefusals({ refusals, refusedCount, refusedByCode }: ImportReport): void {
  if (refusedCount === 0) {
    console.log('\n  No file was refused.');
    return;
  }
  console.log(
    `\n  ${count(refusedCount)} ${refusedCount === 1 ? 'file was' : 'files were'} refused; the import went on without:`,
  );
  for (const [code, files] of Object.entries(refusedByCode))
    console.log(`    ${count(files).padStart(9)}  ${code}`);
  for (const { path, reason } of refusals.slice(0, REFUSALS_SHOWN)) console.log(`  ${path}: ${reason}`);
  const more = refusedCount - Math.min(refusals.length, REFUSALS_SHOWN);
  if (more > 0) console.log(`  and ${count(more)} more (--report FILE writes the list)`);
}

function printChanges({ changedByCode, changes }: ImportReport): void {
  const lines = describeChanges(changedByCode);
  if (lines.length === 0) return;
  console.log('\n  Pixels were changed on the way in:');
  for (const line of lines) console.log(`    ${line}`);
  for (const { path, code } of changes.slice(0, CHANGES_SHOWN)) console.log(`  ${path}: ${code}`);
  const more = changes.length - CHANGES_SHOWN;
  if (more > 0) console.log('  and more (--report FILE writes the list)');
}
