/** `npm run import-split -- DATASET LIST`: makes a split of a dataset from a list, audited before it is stored. */
import { LIST_LEVELS, type ListLevel } from '@microtome/domain/imported-split/find-listed';
import { describeImport } from '@microtome/domain/imported-split/imported-from';
import type { ListColumns } from '@microtome/domain/listed-split/list-entries';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { NAME_RULES } from '@microtome/domain/source/name-rule';
import { countUnits } from '@microtome/domain/unit/unit-words';
import { getProjectByNameOrId } from '@microtome/store/access/projects';
import { findDatasetByName } from '@microtome/store/dataset/datasets';
import { type AuditedImport, importSplit, previewImportedSplit } from '@microtome/store/split/import-split';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import { openStore, type Store } from '@microtome/store/store';
import { Command, Option } from 'commander';
import { readEnv } from './env.ts';
import { LIST_COLUMNS, mapListColumn, readListFile } from './list-files.ts';
import { openStorage } from './open-storage.ts';
import { runMain } from './run-main.ts';

/** As of `audit-split`. */
const LEAKING_STATUS = 3;
const SHOWN_UNITS = 10;

type ImportOptions = {
  project?: string;
  name?: string;
  names?: ListLevel;
  patients?: string;
  rule?: string;
  pattern?: string;
  map: ListColumns;
  dryRun?: true;
};

await runMain(async () => {
  const command = parseCommand(process.argv);
  const [datasetName = '', ...lists] = command.args;
  const options = command.opts<ImportOptions>();
  // Read first, so that a wrong path is told before a database is started.
  const files = await Promise.all(lists.map(readListFile));
  const patients = options.patients ? { patients: await readListFile(options.patients) } : {};
  const storage = await openStorage(readEnv());
  const store = await openStore(storage).catch(async (error) => {
    await storage.stop();
    throw error;
  });
  try {
    const project = options.project ? await getProjectByNameOrId(store, options.project) : null;
    const place = { projectId: project?.id ?? null };
    const { id: datasetId } = await findDatasetByName(store, datasetName, place);
    const request = {
      ...{ datasetId, files, ...patients, columns: options.map, name: options.name },
      ...{ rule: options.rule ?? null, pattern: options.pattern ?? null, level: options.names ?? null },
    };
    process.exitCode = options.dryRun
      ? printFound(await previewImportedSplit(store, request))
      : await storeSplits(store, request);
  } finally {
    await store.close();
    await storage.stop();
  }
});

async function storeSplits(store: Store, request: Parameters<typeof importSplit>[1]): Promise<number> {
  const { splits, found } = await importSplit(store, request);
  const status = printFound(found);
  let isClean = status === 0;
  for (const { id, name } of splits) {
    const audit = await auditStoredSplit(store, { splitId: id });
    isClean &&= audit.passed;
    console.log(`\nStored as "${escapeUnprintable(name)}": ${audit.passed ? 'clean' : 'unsafe'}, ${id}.`);
    for (const sentence of [...audit.reasons, ...audit.notes]) console.log(`  ${sentence}`);
  }
  return isClean ? 0 : LEAKING_STATUS;
}

function parseCommand(argv: string[]): Command {
  return new Command('import-split')
    .description(
      'Makes a split of a dataset from a list, audited before it is stored. A leaking one is kept as unsafe.',
    )
    .argument('<dataset>', 'its name')
    .argument(
      '<lists...>',
      'one list (CSV or JSON), or one for each side: train.csv test.csv, or test=held-out.csv',
    )
    .option('--project <name>', 'of the dataset, where several have one of its name')
    .option('--name <name>', 'of the split (default: the name of the list)')
    .addOption(
      new Option('--names <what>', 'what the ids of the list are; found when left out').choices(LIST_LEVELS),
    )
    .option('--patients <table>', 'whose each id is: a table with a column of ids and one of patients')
    .addOption(
      new Option('--rule <rule>', 'how a patient is told from a name; found when left out').choices(
        NAME_RULES,
      ),
    )
    .option('--pattern <expression>', 'of the rule regex, e.g. "(?P<patient>P\\d+)_(?P<slide>S\\d+)"')
    .option(
      '--map <what=column>',
      `a column by its name: ${LIST_COLUMNS.join(', ')}; may be given several times`,
      mapListColumn,
      {},
    )
    .option('--dry-run', 'print what would become of the list, and store nothing')
    .addHelpText(
      'after',
      '\nExit status: 0 clean, 3 leaking (stored as unsafe), 1 nothing could be made of the list.',
    )
    .parse(argv);
}

/** What was found, and the status for it. */
function printFound({ from, splits, dataset }: AuditedImport): number {
  for (const layout of from.layouts) console.log(escapeUnprintable(layout));
  for (const sentence of describeImport(from, dataset.unit)) console.log(escapeUnprintable(sentence));
  for (const { key, sides } of from.crossing.listed.slice(0, SHOWN_UNITS)) {
    const parts = sides.map(({ side, patches }) => `${patches} patches in ${side}`);
    console.log(`  ${escapeUnprintable(key)}: ${parts.join(', ')}`);
  }
  for (const { planned, audit } of splits) {
    const { row } = planned;
    const counts = [
      ['TRAIN', row.trainPatients, row.trainPatches],
      ['VALIDATION', row.validationPatients, row.validationPatches],
      ['TEST', row.testPatients, row.testPatches],
    ] as const;
    console.log(`\n${escapeUnprintable(row.name)}: ${audit.passed ? 'clean' : 'leaking'}`);
    for (const [side, units, patches] of counts) {
      console.log(`  ${side.padEnd(10)}  ${countUnits(dataset.unit, units)}, ${patches} patches`);
    }
    for (const reason of audit.reasons) console.log(`  ${reason}`);
  }
  return splits.every(({ audit }) => audit.passed) ? 0 : LEAKING_STATUS;
}
