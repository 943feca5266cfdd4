/** The PDF sections on what was compared: data, split, runs, the hyperparameters that differ, the files. */
import { formatCount, formatFigure } from '../report/format-figure.ts';
import type { ReportBlock } from '../report/report-document.ts';
import type { ComparisonEvidence } from './gather-comparison-evidence.ts';

/** With more runs, a table of hyperparameters has one row per run. */
const MAX_RUN_COLUMNS = 5;

export function describeOrigin({ comparison, dataset, openings }: ComparisonEvidence): ReportBlock[] {
  const splits = new Map(comparison.runs.map(({ split }) => [split.id, split]));
  return [
    {
      kind: 'facts',
      rows: [
        ['Dataset', `${dataset.name}, import digest ${dataset.digest}`],
        ...[...splits.values()].map((split): [string, string] => [
          'Split',
          `${split.name} (${split.strategy}, seed ${split.seed}), digest ${split.digest}; TEST opened ${openings.get(split.id) ?? 0} times`,
        ]),
        ['Pairs', comparison.pairing],
      ],
    },
  ];
}

export function describeRuns({ comparison }: ComparisonEvidence): ReportBlock[] {
  return [
    { kind: 'heading', text: 'Runs' },
    {
      kind: 'table',
      columns: [
        { header: 'Run', width: 'grow' },
        { header: 'Network' },
        { header: 'Weights', align: 'right' },
        { header: 'Seed', align: 'right' },
        { header: 'Epochs', align: 'right' },
        { header: 'Best', align: 'right' },
        { header: 'Threshold', align: 'right' },
        { header: 'Backend' },
        { header: 'TEST' },
      ],
      rows: comparison.runs.map((run) => [
        { text: run.name, bold: true },
        run.architecture,
        run.parameters === null ? '–' : formatCount(run.parameters),
        String(run.seed ?? '–'),
        String(run.epochsDone),
        String(run.bestEpoch ?? '–'),
        formatFigure(run.threshold),
        run.backend ?? '–',
        run.testOpening ? 'open' : 'sealed',
      ]),
    },
  ];
}

export function describeDifferences({ comparison }: ComparisonEvidence): ReportBlock[] {
  const { differences, runs } = comparison;
  const heading = { kind: 'heading', text: 'What differs' } as const;
  if (differences.length === 0) {
    return [heading, { kind: 'paragraph', text: 'These runs do not differ in any hyperparameter.' }];
  }
  if (runs.length <= MAX_RUN_COLUMNS) {
    return [
      heading,
      {
        kind: 'table',
        columns: [{ header: 'Hyperparameter', width: 'grow' }, ...runs.map(({ name }) => ({ header: name }))],
        rows: differences.map(({ key, values }) => [key, ...values.map(writeValue)]),
      },
    ];
  }
  return [
    heading,
    {
      kind: 'list',
      items: differences.map(
        ({ key, values }) => `${key}: ${[...new Set(values.map(writeValue))].join(', ')}`,
      ),
    },
  ];
}

export function describeFiles({ comparison }: ComparisonEvidence): ReportBlock[] {
  const rows = comparison.runs.flatMap(({ name, artifacts }) =>
    artifacts
      .filter(({ role }) => role.startsWith('PREDICTIONS') || role === 'MODEL_WEIGHTS')
      .map(({ role, artifactHash }) => [name, role, artifactHash]),
  );
  return [
    { kind: 'heading', text: 'Files by sha256' },
    {
      kind: 'table',
      columns: [
        { header: 'Run', width: 70 },
        { header: 'Role', width: 112 },
        { header: 'Hash', width: 'grow' },
      ],
      rows,
      note: `Runs: ${comparison.runs.map(({ name, id }) => `${name} = ${id}`).join('; ')}.`,
    },
  ];
}

function writeValue(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
