/**
 * `npm run audit-split -- LIST.csv`: the verdict on a split that is known by its list alone, and its certificate. Needs no
 * images and no platform, and stores nothing.
 */
import { writeFile } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { nameUnits } from '@microtome/domain/listed-split/audit-list';
import { type JudgedList, judgeLists } from '@microtome/domain/listed-split/judge-lists';
import type { ListColumns } from '@microtome/domain/listed-split/list-entries';
import {
  compareCertificates,
  makeCertificate,
  parseCertificate,
} from '@microtome/domain/listed-split/split-certificate';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { NAME_RULES } from '@microtome/domain/source/name-rule';
import { Command, Option } from 'commander';
import { LIST_COLUMNS, mapListColumn, readListFile, readListText } from './list-files.ts';

const LEAKING_STATUS = 3;
const BAD_INPUT_STATUS = 2;
const SHOWN_UNITS = 10;

type AuditOptions = {
  list: string[];
  patients?: string;
  rule?: string;
  pattern?: string;
  map: ListColumns;
  json?: true;
  certificate?: string;
  writeCertificate?: string;
};

const program = new Command('audit-split')
  .description('Says which patients, slides or ids of a list are on two sides of its split. Stores nothing.')
  .argument(
    '[lists...]',
    'one list (CSV or JSON), or one for each side: train.csv test.csv, or test=held-out.csv',
  )
  .option('--list <list>', 'the same, behind an option; may be given several times', collect, [])
  .option('--patients <table>', 'whose each id is: a table with a column of ids and one of patients')
  .addOption(
    new Option('--rule <rule>', 'how a patient is told from a name; found when left out').choices(NAME_RULES),
  )
  .option('--pattern <expression>', 'of the rule regex, e.g. "(?P<patient>P\\d+)_(?P<slide>S\\d+)"')
  .option(
    '--map <what=column>',
    `a column by its name: ${LIST_COLUMNS.join(', ')}; may be given several times`,
    mapListColumn,
    {},
  )
  .option('--json', 'prints all of it as JSON')
  .option('--certificate <file>', 'makes the certificate again from the list and compares')
  .option('--write-certificate <file>', 'writes the certificate of the list')
  .addHelpText(
    'after',
    '\nExit status: 0 clean, 3 leaking or another certificate, 2 nothing could be judged.',
  )
  .exitOverride();

try {
  program.parse();
  process.exitCode = await auditSplit(
    [...program.args, ...program.opts<AuditOptions>().list],
    program.opts(),
  );
} catch (error) {
  const isHelp = (error as { exitCode?: number }).exitCode === 0;
  if (error instanceof AppError) console.error(error.message);
  else if (!(error as { code?: string }).code?.startsWith('commander.')) console.error(error);
  process.exitCode = isHelp ? 0 : BAD_INPUT_STATUS;
}

async function auditSplit(lists: readonly string[], options: AuditOptions): Promise<number> {
  if (lists.length === 0) throw new AppError('BAD_INPUT', 'Name a list.');
  const files = await Promise.all(lists.map(readListFile));
  const given =
    options.certificate && parseCertificate(await readListText(options.certificate), options.certificate);
  const judged = judgeLists({
    files,
    ...(options.patients ? { patients: await readListFile(options.patients) } : {}),
    columns: options.map,
    rule: options.rule ?? (given ? given.rule.name : null),
    pattern: options.pattern ?? (given ? given.rule.pattern : null),
  });
  const certificate = makeCertificate(judged.audit, judged.entries);
  if (options.writeCertificate) {
    await writeFile(options.writeCertificate, `${JSON.stringify(certificate, null, 2)}\n`);
  }
  const { audit, layouts, leftOut } = judged;
  if (options.json) console.log(JSON.stringify({ ...audit, layouts, leftOut, certificate }, null, 2));
  else printAudit(judged);
  if (given) {
    const differing = compareCertificates(given, certificate);
    if (differing.length > 0) {
      console.error(`The certificate is not that of this list: ${differing.join(', ')} differ.`);
      return LEAKING_STATUS;
    }
    console.error('The certificate is that of this list.');
  }
  return audit.isClean ? 0 : LEAKING_STATUS;
}

function printAudit({ audit, layouts, leftOut }: JudgedList): void {
  const { unit, sides, shared, rule, sentences } = audit;
  for (const layout of layouts) console.log(escapeUnprintable(layout));
  console.log(
    `${rule.about}${leftOut > 0 ? ` ${leftOut} rows have no id or no side and are left out.` : ''}\n`,
  );
  const width = Math.max(...sides.map(({ side }) => side.length));
  for (const side of sides) {
    const slides = side.slides === null ? '' : `, ${side.slides} slides`;
    console.log(
      `  ${escapeUnprintable(side.side).padEnd(width)}  ${side.units} ${nameUnits(unit, side.units)}${slides}, ${side.entries} entries; ${side.shared} of them on another side too`,
    );
  }
  console.log('');
  for (const sentence of sentences) console.log(escapeUnprintable(sentence));
  for (const { key, sides: on } of shared.slice(0, SHOWN_UNITS)) {
    console.log(
      `  ${escapeUnprintable(key)}: ${on.map(({ side, entries }) => `${entries} in ${side}`).join(', ')}`,
    );
  }
  if (shared.length > SHOWN_UNITS)
    console.log(`  and ${shared.length - SHOWN_UNITS} more (--json lists all)`);
}

function collect(list: string, earlier: string[]): string[] {
  return [...earlier, list];
}
