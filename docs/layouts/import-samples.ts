/** Imports each sample by the command that a user would type, and reads what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportReport } from '@microtome/store/import/import-report';
import { SAMPLES, type Sample } from './samples.ts';

const IMPORT = fileURLToPath(new URL('../../apps/cli/src/import.ts', import.meta.url));

export type Imported = {
  sample: Sample;
  /** Null where the import ended in a sentence. */
  report: (ImportReport & { name: string }) | null;
  sentence: string | null;
};

export async function importSamples(args: {
  homeDir: string;
  layoutsDir: string;
  seed: number;
}): Promise<Imported[]> {
  const imported: Imported[] = [];
  for (const [at, sample] of SAMPLES.entries()) {
    const folder = join(args.homeDir, 'sources', String(at), sample.shownPath);
    await rm(dirname(folder), { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    console.log(`\n${sample.title}`);
    const path = await sample.prepare({ layoutsDir: args.layoutsDir, folder, seed: args.seed });
    const options = sample.options.map((option) => (option.endsWith('.csv') ? join(path, option) : option));
    imported.push({ sample, ...(await importFrom(args.homeDir, [path, ...options])) });
  }
  return imported;
}

/** The report of `npm run import`, or the sentence that it ended with. */
export async function importFrom(
  homeDir: string,
  options: readonly string[],
): Promise<Omit<Imported, 'sample'>> {
  const reportFile = join(homeDir, 'report.json');
  await rm(reportFile, { force: true });
  const child = spawn(process.execPath, [IMPORT, ...options, '--report', reportFile], {
    env: { ...process.env, MICROTOME_HOME: homeDir },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) return { report: null, sentence: said.trim().split('\n').at(-1) ?? `Status ${status}.` };
  return { report: JSON.parse(await readFile(reportFile, 'utf8')), sentence: null };
}
