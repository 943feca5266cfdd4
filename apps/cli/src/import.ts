/** `npm run import -- PATH`: imports a folder or zip of patches, or a folder of slides, into the platform's database, running or not. */
import { writeFile } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { getProjectByNameOrId } from '@microtome/store/access/projects';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openDatabase } from '@microtome/store/database/database';
import { type ImportOptionsInput, parseImportOptions } from '@microtome/store/import/import-options';
import { insertImportRecord } from '@microtome/store/import/import-record';
import { previewImport } from '@microtome/store/import/preview-import';
import { printablePath } from '@microtome/store/import/refusal';
import { runRecordedImport } from '@microtome/store/import/run-recorded-import';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import { addSourceOptions, readSourceOptions } from '@microtome/store/import/source-options';
import { addTilingOptions, readTilingOptions } from '@microtome/store/import/tiling-command-options';
import { Command } from 'commander';
import { type CliEnv, readEnv } from './env.ts';
import { createProgressBar, printImportReport } from './import-printer.ts';
import { openStorage } from './open-storage.ts';
import { printImportPreview } from './preview-printer.ts';
import { runMain, waitForStopSignal } from './run-main.ts';
import { printTilingPreview } from './tiling-printer.ts';

/** One connection for the transaction that saves, one for progress. */
const POOL_SIZE = 2;

type CommandOptions = Omit<ImportOptionsInput, 'projectId'> & {
  project?: string;
  dryRun?: boolean;
  preview?: string;
  report?: string;
};

await runMain(async () => {
  const command = parseCommand(process.argv);
  const { report: reportFile, dryRun, preview, project, ...input } = command;
  if (input.tiling && (dryRun || preview)) return printTilingPreview(input, preview ?? null);
  if (dryRun) return printImportPreview(await previewImport(input));
  const chosen = parseImportOptions(input);
  const env = readEnv();
  const stopped = abortOnSignal(env, chosen.path);
  // Looked at first, so that a wrong path is told before a database is started.
  const source = await openPatchSource(chosen.path);
  await source.close();
  const storage = await openStorage(env);
  const database = openDatabase({ databaseUrl: storage.databaseUrl, poolSize: POOL_SIZE });
  const bar = createProgressBar();
  try {
    const artifacts = openArtifactStore(storage.artifactUrl);
    const placed = project ? { projectId: (await getProjectByNameOrId({ database }, project)).id } : {};
    const options = { ...chosen, ...placed };
    const importId = await insertImportRecord(database, options);
    const recorded = { database, artifacts, importId, options, signal: stopped, onProgress: bar.update };
    const { name, reused, report } = await runRecordedImport(recorded).finally(() => bar.stop());
    console.log(reused ? `\nThese very files were imported before, as "${name}".` : `\nImported "${name}".`);
    printImportReport(report);
    if (reportFile) await writeFile(reportFile, `${JSON.stringify({ name, reused, ...report }, null, 2)}\n`);
  } finally {
    await database.close();
    await storage.stop();
  }
});

function parseCommand(argv: string[]): CommandOptions {
  const command = new Command('import')
    .description(
      'Imports patches from a folder or a .zip, or slides from a folder, in a known layout or by a manifest.',
    )
    .argument('<path>', 'the folder or .zip')
    .option('--name <name>', 'of the dataset (default: the name of the folder or file)')
    .option('--project <name>', 'that the dataset becomes part of (default: the first one)')
    .option(
      '--max-patches <n>',
      'import only a seeded share of the patches, spread over the patients',
      Number,
    )
    .option('--seed <n>', 'of that share', Number)
    .option('--unlabelled', 'import patches without classes, for heatmaps and predictions alone')
    .option('--dry-run', 'print what would be imported, and import nothing')
    .option('--preview <folder>', 'of slides: as --dry-run, with a picture of each slide and its mask')
    .option('--report <file>', 'write the whole report as JSON');
  const given = addTilingOptions(addSourceOptions(command)).parse(argv).opts();
  const { name, project, maxPatches, seed, unlabelled, dryRun, preview, report } = given;
  const own = { name, project, maxPatches, seed, unlabelled, dryRun, preview, report } as Omit<
    CommandOptions,
    'path'
  >;
  return { path: command.args[0] ?? '', ...own, ...readSourceOptions(given), ...readTilingOptions(given) };
}

function abortOnSignal(env: CliEnv, path: string): AbortSignal {
  const stopped = new AbortController();
  void waitForStopSignal(env).then(() => {
    stopped.abort(
      new AppError('CANCELED', `The import of ${printablePath(path)} was canceled; nothing of it was kept.`),
    );
  });
  return stopped.signal;
}
