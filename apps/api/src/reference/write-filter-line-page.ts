/** docs/filter-line.md: what the line of text may say that runs are asked for by, in GraphQL, reports and on the page of runs. */
import { FIGURE_NAMES, KNOWN_HYPERPARAMETERS, RUN_COLUMNS } from '@microtome/domain/run-query/run-field';
import { escapeCell, GENERATED, writeTable } from './markdown.ts';

/** Each is parsed by a test. */
export const FILTER_EXAMPLES: readonly (readonly [line: string, meaning: string])[] = [
  [
    'architecture = deep and lr < 0.001',
    'Both hold. `lr` is short for `learningRate`. Also `!=`, `<=`, `>`, `>=`.',
  ],
  [
    'status = SUCCEEDED and (seed = 1 or seed = 2)',
    '`or` binds less than `and`, and `and` less than `not`; brackets group.',
  ],
  ['status in (FAILED, CANCELED)', 'One of several; `not in` for none of them.'],
  [
    'name ~ "seed 1"',
    'The text has this part, in any case; `!~` for lacks it. `error`, `notes` and names of records too.',
  ],
  ['name like "deep%"', '`%` stands for any text and `_` for one character, in any case.'],
  ['sweep is empty', 'There is no value; `is not empty` for there is one.'],
  ['testOpened and not archived', 'A field that is true or false stands alone.'],
  [
    'tags has finalist and not tags has draft',
    'Tags; several by `tags has any (a, b)`, `all (a, b)` or `none (a, b)`.',
  ],
  ['tag(person) = ada', 'What stands behind `person:` in the tags.'],
  [
    'finished > -7d',
    'In the last seven days: `s`, `m`, `h`, `d` or `w` ago, or `now`. `finished` is short for `finishedAt`.',
  ],
  ['createdAt >= 2026-11-21 and createdAt < "2026-11-22 08:30"', 'Moments; without a zone they are of UTC.'],
  ['duration > 90m', 'A time that passed; a bare number is of seconds.'],
  ['validation.auc > 0.9', 'A figure of the evaluation on VALIDATION or, once it is opened, on TEST.'],
  ['low(test.auc) > 0.8', 'The lower end of its 95 % interval; `high` for the upper one.'],
  ['high(test.auc) < champion(idc, test.auc)', 'Compared with a figure of the champion of a model.'],
  [
    'any(validation.auc) > 0.9',
    'A series of numbers: at any epoch. `last`, `best`, `min` and `max` take one number of it.',
  ],
  ['at(train.loss, 5) < 0.4', 'At an epoch; `at(train.loss, best)` is at the epoch whose weights were kept.'],
  ['param("dropout rate") = 0.5', 'A hyperparameter that is not one of ours, by its name there.'],
  ['patient 10001 in TRAIN', 'The split of the run has this patient there; VALIDATION and TEST likewise.'],
];

export function writeFilterLinePage(): string {
  const columns = Object.entries(RUN_COLUMNS).map(([name, { type, about }]) => [
    `\`${name}\``,
    type.toLowerCase(),
    escapeCell(about),
  ]);
  return [
    '# The line that runs are asked for by',
    GENERATED,
    'One line says which runs: as `query` of `runs`, `aggregateRuns`, `leaderboard` and others in [GraphQL](graphql.md), in [reports](reports.md), and above the ' +
      'table of runs, where it is completed as it is typed. Names and words may be written in any case. A text with more than letters and digits stands in quotation marks. ' +
      'What is wrong with a line is told with its column.',
    writeTable(
      ['line', 'meaning'],
      FILTER_EXAMPLES.map(([line, meaning]) => [`\`${escapeCell(line)}\``, escapeCell(meaning)]),
    ),
    'Runs are sorted by a line too: `sort: "validation.auc desc, createdAt"`. A single field is asked of a run by `figure(of: "max(validation.auc)")`, and is what ' +
      '`aggregateRuns` groups by and measures (`groupBy: ["experiment", "createdBy"], measures: ["duration"]`).',
    '## Fields',
    writeTable(['field', 'what it is', 'about'], columns),
    `Figures of an evaluation, behind \`validation.\` or \`test.\`: ${FIGURE_NAMES.map((name) => `\`${name}\``).join(', ')}.`,
    `Hyperparameters of our own networks, by their names: ${[...KNOWN_HYPERPARAMETERS.keys()].map((name) => `\`${name}\``).join(', ')}.`,
    'Series of our worker are named after their subset (`train.loss`, `validation.auc`); those of other programs have the names that they gave.',
  ].join('\n\n');
}
