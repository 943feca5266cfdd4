/** The sections of a model card on the model's origin: network, data, split, hyperparameters. */
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { hyperparameterJsonSchema } from '@microtome/domain/run/hyperparameters';
import { countNoun, formatCount, formatDay, formatFigure, formatShare, formatValue } from './card-format.ts';
import type { CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const STRATEGIES: Record<string, string> = {
  PATIENT_STRATIFIED: 'by patient, seeded, balanced in positive share and size',
  CRUZ_ROA_2014: 'by patient, the published lists of Cruz-Roa et al. 2014',
  K_FOLD: 'by patient, k folds',
  RANDOM_PATCH: 'by patch, regardless of patient (unsafe)',
};

export function describeModel({ version, aliases }: CardEvidence): CardBlock[] {
  const { run, model } = version;
  const { dataset } = run.experiment;
  const side = dataset.patchSizePx;
  return [
    { kind: 'heading', text: 'Model' },
    {
      kind: 'facts',
      rows: [
        ['Version', `${version.number} of ${model.name}, registered ${formatDay(version.createdAt)}`],
        ['Aliases', aliases.join(', ') || 'none'],
        ['Network', run.architecture],
        ['Parameters', formatCount(run.parameters)],
        ['Multiply-adds', `${formatCount(run.multiplyAdds)} a patch`],
        ['Input', `one patch of ${side} x ${side} pixels, RGB from 0 to 255; normalisation is inside`],
        ['Output', `probability of ${dataset.positiveClass}, ${describeCalibrating(run)}`],
        ['Threshold', `${run.threshold ?? '–'}, chosen on VALIDATION and frozen`],
        [
          'Run',
          `${run.name} in ${run.experiment.name}, finished ${formatDay(run.finishedAt ?? run.createdAt)}`,
        ],
        ['Weights kept', `those of epoch ${run.bestEpoch ?? '–'} of ${run.epochsDone}`],
        ['Trained on', [run.backend, run.device].filter(Boolean).join(', ') || '–'],
      ],
    },
  ];
}

export function describeData({ version }: CardEvidence): CardBlock[] {
  const { dataset } = version.run.experiment;
  const share = dataset.patchCount > 0 ? dataset.positiveCount / dataset.patchCount : 0;
  return [
    { kind: 'heading', text: 'Data' },
    {
      kind: 'facts',
      rows: [
        ['Dataset', `${dataset.name} (source ${dataset.source}), imported ${formatDay(dataset.createdAt)}`],
        ['Import digest', dataset.digest],
        ['Patients', formatCount(dataset.patientCount)],
        [
          'Patches',
          `${formatCount(dataset.patchCount)} of ${dataset.patchSizePx} x ${dataset.patchSizePx} pixels`,
        ],
        [`Positive class`, `${dataset.positiveClass}: ${formatShare(share)} of the patches`],
        [
          'Edge strips',
          `${formatCount(dataset.stripCount)}, left out unless a hyperparameter says otherwise`,
        ],
        ['Refused files', formatCount(dataset.refusedCount)],
      ],
    },
    {
      kind: 'paragraph',
      text: 'A patient is a folder of the source: group = folder id; identity across folders cannot be verified. If one person has two folders, they may be on two sides.',
    },
  ];
}

export function describeSplit({ version }: CardEvidence): CardBlock[] {
  const { split } = version.run;
  const side = (subset: string, patients: number, patches: number, positives: number) => [
    subset,
    split.kind === 'PATIENT' ? formatCount(patients) : 'not by patient',
    formatCount(patches),
    formatShare(patches > 0 ? positives / patches : 0),
  ];
  const fold = split.fold === null ? [] : ([['Fold', `${split.fold + 1} of ${split.folds}`]] as const);
  return [
    { kind: 'heading', text: 'Split' },
    {
      kind: 'facts',
      rows: [
        ['Split', split.name],
        ['Strategy', `${split.strategy}: ${STRATEGIES[split.strategy] ?? ''}`],
        ...fold,
        ['Seed', String(split.seed)],
        ['Digest', split.digest],
        ['Left out', countNoun(split.leftOutPatients, 'patient')],
        ['Leakage audit', describeAudit(split.audit)],
      ],
    },
    {
      kind: 'table',
      columns: [
        { header: 'Side', width: 'grow' },
        { header: 'Patients', align: 'right' },
        { header: 'Patches', align: 'right' },
        { header: 'Positive', align: 'right' },
      ],
      rows: [
        side('TRAIN', split.trainPatients, split.trainPatches, split.trainPositives),
        side('VALIDATION', split.validationPatients, split.validationPatches, split.validationPositives),
        side('TEST', split.testPatients, split.testPatches, split.testPositives),
      ],
    },
  ];
}

function describeCalibrating({ hyperparameters, temperature }: CardEvidence['version']['run']): string {
  return hyperparameters.calibration === 'none'
    ? 'as trained, not calibrated'
    : `calibrated on VALIDATION (temperature ${formatFigure(temperature)})`;
}

function describeAudit(audit: SplitAudit | null): string {
  if (!audit) return 'not made yet';
  const found = audit.passed ? 'passed: nothing crosses its sides' : `FAILED: ${audit.reasons.join(' ')}`;
  return [found, ...audit.notes].join('. ');
}

/** In the order of the launch form; those that the schema no longer has come last. */
export function describeHyperparameters({ version }: CardEvidence): CardBlock[] {
  const values: Record<string, unknown> = version.run.hyperparameters;
  const known = Object.keys((hyperparameterJsonSchema().properties ?? {}) as object);
  const keys = [...new Set([...known.filter((key) => key in values), ...Object.keys(values)])];
  return [
    { kind: 'heading', text: 'Hyperparameters' },
    { kind: 'facts', rows: keys.map((key) => [key, formatValue(values[key])] as const) },
  ];
}
