/** The sections of a model card on reproducing it: one command, what it needs, and every file by its hash. */
import { countNoun } from '@microtome/domain/count-noun';
import { describeCheck } from '@microtome/domain/model-check/model-check';
import { BACKENDS, isBackendName, REPEATS_ON } from '@microtome/domain/run/backends';
import { formatBytes, formatDay } from './card-format.ts';
import type { CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const MODEL_ROLES = /^(MODEL_|PREDICTIONS_)/;

export function describeReproduction({ version }: CardEvidence): CardBlock[] {
  const { run, model } = version;
  const { dataset } = run.experiment;
  const reference = `${model.name}@${version.number}`;
  if (run.origin === 'EXTERNAL') return describeExternalReproduction(run, reference);
  return [
    { kind: 'heading', text: 'How to reproduce it' },
    { kind: 'code', text: `npm run reproduce -- --model ${reference}` },
    {
      kind: 'paragraph',
      text:
        'On the platform that has it: trains it again, with the same data, split, hyperparameters, seed and backend, and ' +
        `compares weights and predictions by their hashes${repeatsAlways(run.backend) ? `; this backend gives the same bits on ${REPEATS_ON}` : ''}. ` +
        'TEST is not opened for it.',
    },
    {
      kind: 'paragraph',
      text:
        `Elsewhere: import files with the import digest above, make a split with the strategy and seed above (${run.split.strategy}, ` +
        `seed ${run.split.seed}), whose digest must agree, and launch a run with the hyperparameters above. To use the model:`,
    },
    { kind: 'code', text: `npm run predict -- --model ${reference} PATH` },
    {
      kind: 'facts',
      rows: [
        ['Seed', String(run.seed)],
        ['Backend', run.backend ?? '–'],
        ['Device', run.device ?? '–'],
        ...Object.entries(run.versions ?? {}).map(([name, text]) => [`Version of ${name}`, text] as const),
        ['Dataset', `${dataset.name}, import digest ${dataset.digest}`],
      ],
    },
  ];
}

/** No worker can train it again; what can be repeated is what its file gives. */
function describeExternalReproduction(
  { modelChecks: [check], experiment: { dataset } }: CardEvidence['version']['run'],
  reference: string,
): CardBlock[] {
  return [
    { kind: 'heading', text: 'How to reproduce it' },
    {
      kind: 'paragraph',
      text: 'An external program trained it: no worker can train it again, and `npm run reproduce` refuses it. What it gives was computed again.',
    },
    ...(check ? [{ kind: 'paragraph', text: describeCheck(check) } as const] : []),
    { kind: 'paragraph', text: 'To use the model:' },
    { kind: 'code', text: `npm run predict -- --model ${reference} PATH` },
    {
      kind: 'facts',
      rows: [
        ...(check
          ? ([
              ['Checked by', check.workerId ?? '–'],
              ['Checked on', formatDay(check.finishedAt ?? check.createdAt)],
              ['SHA-256 of the checked file', check.fileHash],
            ] as const)
          : []),
        ['Dataset', `${dataset.name}, import digest ${dataset.digest}`],
      ],
    },
  ];
}

export function describeFiles({ version }: CardEvidence): CardBlock[] {
  const { run } = version;
  const { shards } = run.experiment.dataset;
  const rows = [
    ...run.artifacts
      .filter(({ role }) => MODEL_ROLES.test(role))
      .map(({ role, artifactHash, artifact }) => [role, formatBytes(artifact.bytes), artifactHash]),
    ...run.files.map(({ path, artifactHash, artifact }) => [path, formatBytes(artifact.bytes), artifactHash]),
    ...shards.map(({ position, artifactHash, artifact }) => [
      `data, shard ${position + 1}`,
      formatBytes(artifact.bytes),
      artifactHash,
    ]),
  ];
  return [
    { kind: 'heading', text: 'Files' },
    {
      kind: 'table',
      columns: [{ header: 'File' }, { header: 'Size', align: 'right' }, { header: 'SHA-256', width: 'grow' }],
      rows,
      note: `${countNoun(rows.length, 'file')}, kept by content hash.${run.testOpening ? '' : ' Predictions of a sealed TEST are named, not readable.'}`,
    },
  ];
}

function repeatsAlways(backend: string | null): boolean {
  return backend !== null && isBackendName(backend) && BACKENDS[backend].repeatsBits === 'ALWAYS';
}
