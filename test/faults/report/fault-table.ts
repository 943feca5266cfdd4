/** The page of a sitting: a line for each kind of fault, and what it is to be judged by. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { type ActResult, listBreaks, type SittingResult } from './sitting-result.ts';

export function formatFaultTable(result: SittingResult): string {
  const { acts, seed, minutes, runs, epochs, events, reconnects, leftOut } = result;
  const kinds = [...Map.groupBy(acts, ({ subject, act }) => `${subject}|${act}`).values()];
  const breaks = listBreaks(result);
  const late = acts.filter(isLate);
  return `# Faults

Made by \`npm run faults -- --minutes ${minutes} --seed ${seed}\`: the real platform with small real runs and subscribers, hurt in
an order drawn from the seed. After each fault the invariants are checked in SQL and over the API
(\`test/faults/invariants\`); each run that was hit is compared with an untouched one of the same seed, to the last bit.

| | |
|---|---|
| commit | ${readCommit()} |
| machine | ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}; load average at its end ${loadavg()[2]?.toFixed(1)} |
| seed, minutes | ${seed}, ${minutes} |
| faults | ${acts.length}, of ${kinds.length} kinds |
| runs hit, epochs trained, events | ${runs}, ${epochs}, ${events} |
| times that a subscriber had to ask again | ${reconnects} |
| **epochs lost** | **${result.epochsLost}** |
| **epochs doubled** | **${result.epochsDoubled}** |
| **breaks of an invariant** | **${breaks.length}** |
| recoveries that took longer than promised | ${late.length} |

| what is hit | what is done | times | recovered | median s | worst s | promised s | lost | doubled | breaks | recovered when |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|
${kinds.map(formatKind).join('\n')}
${section('Breaks', breaks)}${section('Longer than promised', late.map(describeLate))}${section('Left out', leftOut)}`;
}

/** Whether a recovery took longer than was promised for its kind, or never came. */
export function isLate({ recoveredSeconds, promisedSeconds }: ActResult): boolean {
  if (recoveredSeconds === null) return true;
  return promisedSeconds !== null && recoveredSeconds > promisedSeconds;
}

function formatKind(acts: ActResult[]): string {
  const [first] = acts;
  const seconds = acts.flatMap(({ recoveredSeconds }) => recoveredSeconds ?? []).sort((a, b) => a - b);
  const sum = (read: (act: ActResult) => number) => acts.reduce((total, act) => total + read(act), 0);
  const cells = [
    first?.subject,
    first?.act,
    acts.length,
    seconds.length,
    format(seconds[(seconds.length - 1) >> 1]),
    format(seconds.at(-1)),
    first?.promisedSeconds ?? '',
    sum((act) => act.epochsLost),
    sum((act) => act.epochsDoubled),
    sum((act) => act.breaks.length),
    first?.recoveredBy,
  ];
  return `| ${cells.join(' | ')} |`;
}

function format(seconds: number | undefined): string {
  return seconds === undefined ? '–' : seconds.toFixed(1);
}

function describeLate({ number, subject, act, recoveredSeconds, promisedSeconds }: ActResult): string {
  const took = recoveredSeconds === null ? 'did not recover' : `took ${format(recoveredSeconds)} s`;
  return `Act ${number} (${subject}: ${act}) ${took}${promisedSeconds === null ? '' : `, promised ${promisedSeconds} s`}.`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
