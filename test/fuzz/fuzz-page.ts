/** The page of a fuzzing: a line for each test, and what was found. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import type { FuzzRecord } from './fuzz-record.ts';

export type FuzzResult = {
  target: string;
  record: FuzzRecord;
  seconds: number;
  /** The first thing that the test found, at which it ends; null when it found nothing. */
  fault: string | null;
};

export type Fuzzing = {
  inputs: number;
  seed: number;
  results: readonly FuzzResult[];
  /** Errors outside any test. */
  strayErrors: readonly string[];
};

const MEGABYTE = 1024 * 1024;
const FAULT_LENGTH_MAX = 600;

export function countFaults({ results, strayErrors }: Fuzzing): number {
  return results.filter(({ fault }) => fault !== null).length + strayErrors.length;
}

export function formatFuzzPage(fuzzing: Fuzzing): string {
  const { inputs, seed, results, strayErrors } = fuzzing;
  const faults = results.flatMap(({ target, fault }) => (fault ? [`${target}: ${fault}`] : []));
  const internal = results.filter(isInternal).length;
  return `# Fuzzing

Made by \`npm run fuzz -- --inputs ${inputs} --seed ${seed}\`: inputs drawn from the seed, against the real API over a real
PostgreSQL, and against the readers of files (\`test/fuzz\`). A test ends at the first fault that it finds.

| | |
|---|---|
| commit | ${readCommit()} |
| machine | ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node} |
| inputs | ${results.reduce((sum, { record }) => sum + record.inputs, 0).toLocaleString('en-US')} |
| **INTERNAL** | **${internal}** |
| **crashes, hangs and broken promises** | **${countFaults(fuzzing) - internal}** |

| what | inputs | INTERNAL | other faults | memory before | memory after | seconds |
|---|--:|--:|--:|--:|--:|--:|
${results.map(formatResult).join('\n')}
${listSection([...faults, ...strayErrors])}`;
}

function formatResult(result: FuzzResult): string {
  const { target, record, seconds, fault } = result;
  const cells = [
    target,
    record.inputs.toLocaleString('en-US'),
    isInternal(result) ? 1 : 0,
    fault && !isInternal(result) ? 1 : 0,
    formatBytes(record.keptBytes?.before),
    formatBytes(record.keptBytes?.after),
    Math.round(seconds),
  ];
  return `| ${cells.join(' | ')} |`;
}

function isInternal({ fault }: FuzzResult): boolean {
  return fault?.includes('INTERNAL') ?? false;
}

function formatBytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${Math.round(bytes / MEGABYTE)} MB`;
}

function listSection(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `\n## Faults\n\n${lines.map((line) => `- \`\`${line.replaceAll(/\s+/g, ' ').slice(0, FAULT_LENGTH_MAX)}\`\``).join('\n')}\n`;
}

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
