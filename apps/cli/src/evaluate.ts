/**
 * `npm run evaluate -- FILE`: the statistics of the predictions of any model, from a table with a label and a score in each
 * row. Needs no platform and no images, and stores nothing.
 */
import { writeFile } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { THRESHOLD_RULES, type ThresholdRule } from '@microtome/domain/metrics/threshold';
import { evaluateTable } from '@microtome/domain/scored-table/evaluate-table';
import type { ScoreWish } from '@microtome/domain/scored-table/score-columns';
import { NAME_RULES } from '@microtome/domain/source/name-rule';
import { SPLITTING_UNITS, type SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { openTableAt } from '@microtome/store/import/table/open-table';
import { readScoredTable } from '@microtome/store/scored-table/read-scored-table';
import { Command, InvalidArgumentError, Option } from 'commander';
import { printEvaluation } from './evaluation/print-evaluation.ts';

const BAD_INPUT_STATUS = 2;
const DEFAULT_TARGET_SENSITIVITY = 0.95;

type Thresholds = { all: number | null; own: ReadonlyMap<string, number> };

type EvaluateOptions = {
  map: string[];
  score: string[];
  logit: string[];
  positive: string[];
  negative: string[];
  unit?: SplittingUnit;
  rule?: string;
  pattern?: string;
  threshold: Thresholds;
  thresholdRule: ThresholdRule;
  targetSensitivity: number;
  reference?: string;
  json?: string;
};

const program = new Command('evaluate')
  .description(
    'Evaluates the predictions of any models, and compares them, from a table: a label and a score in each row. Stores nothing.',
  )
  .argument('<file>', 'CSV, TSV or Parquet, packed by gzip or not')
  .option(
    '--map <key=column>',
    'a column by its name: label, patient, slide, group, site, subset or path; an empty one takes it away',
    collect,
    [],
  )
  .option('--score <column>', 'probabilities of a model, 0 to 1; may be given several times', collect, [])
  .option('--logit <column>', 'the same as log-odds', collect, [])
  .option('--positive <class>', 'the label that scores are for; may be given several times', collect, [])
  .option('--negative <class>', 'the label against it; all others when left out', collect, [])
  .addOption(
    new Option('--unit <unit>', 'what is independent; the largest that the table tells')
      .choices(SPLITTING_UNITS)
      .argParser((text) => text.toUpperCase()),
  )
  .addOption(
    new Option('--rule <rule>', 'how a patient is told from a slide or file; found when left out').choices(
      NAME_RULES,
    ),
  )
  .option('--pattern <expression>', 'of the rule regex, e.g. "(?P<patient>P\\d+)_(?P<slide>S\\d+)"')
  .option(
    '--threshold <number>',
    'from which probability on a row is called; COLUMN=NUMBER for one model alone',
    addThreshold,
    { all: null, own: new Map() } satisfies Thresholds,
  )
  .addOption(
    new Option('--threshold-rule <rule>', 'how it is chosen on VALIDATION, where the table tells sides')
      .choices(THRESHOLD_RULES)
      .default('youden'),
  )
  .option(
    '--target-sensitivity <share>',
    'of the rule sensitivity',
    (text) => readNumber(text),
    DEFAULT_TARGET_SENSITIVITY,
  )
  .option('--reference <column>', 'the model that all others are compared with')
  .option('--json <file>', 'writes all of it as JSON')
  .addHelpText('after', '\nExit status: 0 evaluated, 2 nothing could be evaluated.')
  .exitOverride();

try {
  program.parse();
  const [file = ''] = program.args;
  await evaluateFile(file, program.opts());
} catch (error) {
  const isHelp = (error as { exitCode?: number }).exitCode === 0;
  if (error instanceof AppError) console.error(error.message);
  else if (!(error as { code?: string }).code?.startsWith('commander.')) console.error(error);
  process.exitCode = isHelp ? 0 : BAD_INPUT_STATUS;
}

async function evaluateFile(file: string, options: EvaluateOptions): Promise<void> {
  const { map, positive, negative, unit, rule, pattern, threshold } = options;
  const opened = await openTableAt(file);
  const table = await readScoredTable(opened, {
    ...{ map, positive, negative: negative.length > 0 ? negative : null, unit: unit ?? null },
    ...{ rule: rule ?? null, pattern: pattern ?? null },
    scores: [...listScores(options.score, false, threshold), ...listScores(options.logit, true, threshold)],
  }).finally(() => opened.close());
  const evaluation = evaluateTable(setThresholds(table, threshold), {
    threshold: threshold.all,
    thresholdRule: options.thresholdRule,
    targetSensitivity: options.targetSensitivity,
    reference: options.reference ?? null,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  });
  printEvaluation(evaluation);
  if (options.json) await writeFile(options.json, `${JSON.stringify(evaluation, null, 2)}\n`);
}

function listScores(columns: readonly string[], isLogit: boolean, { own }: Thresholds): ScoreWish[] {
  return columns.map((column) => ({ column, isLogit, threshold: own.get(column) ?? null }));
}

/** Of columns that were found, whose names are known only now. */
function setThresholds<Table extends { models: ScoreWish[] }>(table: Table, { own }: Thresholds): Table {
  const names = table.models.map(({ column }) => column);
  const unknown = [...own.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const list = names.map((name) => `'${name}'`).join(', ');
    throw new AppError('BAD_INPUT', `There are no scores '${unknown}': there are ${list}.`);
  }
  return {
    ...table,
    models: table.models.map((model) => ({ ...model, threshold: own.get(model.column) ?? model.threshold })),
  };
}

function addThreshold(text: string, earlier: Thresholds): Thresholds {
  const at = text.lastIndexOf('=');
  if (at < 0) return { ...earlier, all: readNumber(text) };
  const [column, value] = [text.slice(0, at), readNumber(text.slice(at + 1))];
  return { ...earlier, own: new Map([...earlier.own, [column, value]]) };
}

function readNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It has to be a number from 0 to 1.');
}

function collect(text: string, earlier: string[]): string[] {
  return [...earlier, text];
}
