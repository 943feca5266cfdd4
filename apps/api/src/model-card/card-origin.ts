/** The sections of a model card on the model's origin: network, data, split, hyperparameters. */

import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { countNoun } from '@microtome/domain/count-noun';
import { feedsPlainBytes } from '@microtome/domain/model-check/model-input';
import { hyperparameterJsonSchema } from '@microtome/domain/run/hyperparameters';
import { countSides, type TaskSide } from '@microtome/domain/task/task';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { countUnits, explainUnit, hasUnits, nameUnit } from '@microtome/domain/unit/unit-words';
import { formatCount, formatDay, formatFigure, formatShare, formatValue } from './card-format.ts';
import type { CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

/** `{by}` and `{one}` stand for the unit of the dataset. */
const STRATEGIES: Record<string, string> = {
  PATIENT_STRATIFIED: '{by}, seeded, balanced in positive share and size',
  CRUZ_ROA_2014: '{by}, the published lists of Cruz-Roa et al. 2014',
  K_FOLD: '{by}, k folds',
  RANDOM_PATCH: 'by patch, regardless of {one} (unsafe)',
  PUBLISHED: 'as the publisher of the data gives it',
  BY_SITE: 'by site: whole sites are held out',
  PRESERVED_SITES: 'by site, k folds that keep each site on one side',
};

/** The source of the IDC layout, whose patients are folders. */
const FOLDER_SOURCE = 'IDC';

export function describeModel({ version, aliases }: CardEvidence): CardBlock[] {
  const { run, model } = version;
  const { dataset, task } = run.experiment;
  const side = dataset.patchSizePx;
  return [
    { kind: 'heading', text: 'Model' },
    {
      kind: 'facts',
      rows: [
        ['Version', `${version.number} of ${model.name}, registered ${formatDay(version.createdAt)}`],
        ['Aliases', aliases.join(', ') || 'none'],
        ...describeProgram(run),
        ['Network', run.architecture || 'not told'],
        ...describeSize(run),
        ['Input', `one patch of ${side} x ${side} pixels, RGB from 0 to 255; ${describeFeeding(run)}`],
        ['Output', `probability of ${task.positiveName}, ${describeCalibrating(run)}`],
        ['Threshold', `${run.threshold ?? '–'}, chosen on VALIDATION and frozen`],
        [
          'Run',
          `${run.name} in ${run.experiment.name}, finished ${formatDay(run.finishedAt ?? run.createdAt)}`,
        ],
        ...describeTraining(run),
      ],
    },
  ];
}

export function describeData({ version }: CardEvidence): CardBlock[] {
  const { dataset, task } = version.run.experiment;
  return [
    { kind: 'heading', text: 'Data' },
    {
      kind: 'facts',
      rows: [
        ['Dataset', `${dataset.name} (source ${dataset.source}), imported ${formatDay(dataset.createdAt)}`],
        ['Import digest', dataset.digest],
        ['Unit of splitting', hasUnits(dataset.unit) ? nameUnit(dataset.unit).one : 'none'],
        [nameUnit(dataset.unit).heading, hasUnits(dataset.unit) ? formatCount(dataset.patientCount) : '–'],
        [
          'Patches',
          `${formatCount(dataset.patchCount)} of ${dataset.patchSizePx} x ${dataset.patchSizePx} pixels`,
        ],
        ...describeTask(task, dataset.classes),
        [
          'Edge strips',
          `${formatCount(dataset.stripCount)}, left out unless a hyperparameter says otherwise`,
        ],
        ['Refused files', formatCount(dataset.refusedCount)],
      ],
    },
    { kind: 'paragraph', text: explainUnit(dataset.unit) ?? explainPatients(dataset.source) },
  ];
}

export function describeSplit({ version }: CardEvidence): CardBlock[] {
  const { split } = version.run;
  const {
    task,
    dataset: { unit },
  } = version.run.experiment;
  const side = (subset: string, patients: number, classCounts: readonly number[]) => [
    subset,
    ...(hasUnits(unit)
      ? [split.kind === 'PATIENT' ? formatCount(patients) : `not ${nameUnit(unit).by}`]
      : []),
    ...describeSides(countSides(task.sides, classCounts)),
  ];
  const fold = split.fold === null ? [] : ([['Fold', `${split.fold + 1} of ${split.folds}`]] as const);
  return [
    { kind: 'heading', text: 'Split' },
    {
      kind: 'facts',
      rows: [
        ['Split', split.name],
        ['Strategy', `${split.strategy}: ${describeStrategy(split.strategy, unit)}`],
        ...fold,
        ['Seed', String(split.seed)],
        ['Digest', split.digest],
        ...(hasUnits(unit) ? ([['Left out', countUnits(unit, split.leftOutPatients)]] as const) : []),
        ['Leakage audit', describeAudit(split.audit)],
      ],
    },
    {
      kind: 'table',
      columns: [
        { header: 'Side', width: 'grow' },
        ...(hasUnits(unit) ? [{ header: nameUnit(unit).heading, align: 'right' } as const] : []),
        { header: 'Patches', align: 'right' },
        { header: task.positiveName, align: 'right' },
      ],
      rows: [
        side('TRAIN', split.trainPatients, split.trainClassCounts),
        side('VALIDATION', split.validationPatients, split.validationClassCounts),
        side('TEST', split.testPatients, split.testClassCounts),
      ],
    },
  ];
}

/** What a patient is, as far as the source tells. */
function explainPatients(source: string): string {
  const [what, whats] = source === FOLDER_SOURCE ? ['folder', 'folders'] : ['key', 'keys'];
  return `A patient is a ${what} of the source: group = ${what} id; identity across ${whats} cannot be verified. If one person has two ${whats}, they may be on two sides.`;
}

function describeStrategy(strategy: string, unit: SplittingUnit): string {
  const { by, one } = nameUnit(unit);
  return (STRATEGIES[strategy] ?? '').replace('{by}', by).replace('{one}', one);
}

/** The task in words, each class with its patches. */
function describeTask(
  { name, positiveName, sides }: CardEvidence['version']['run']['experiment']['task'],
  classes: readonly { name: string; patchCount: number }[],
): [string, string][] {
  const list = (side: TaskSide) =>
    classes
      .filter((_, position) => sides[position] === side)
      .map((one) => `${one.name} (${countNoun(one.patchCount, 'patch')})`)
      .join(', ');
  const counts = countSides(
    sides,
    classes.map(({ patchCount }) => patchCount),
  );
  const taken = counts.positives + counts.negatives;
  const leftOut = list('LEFT_OUT');
  return [
    ['Task', name],
    [
      'Positive class',
      `${positiveName}: ${formatShare(taken > 0 ? counts.positives / taken : 0)} of the patches`,
    ],
    ['Positive', list('POSITIVE')],
    ['Negative', list('NEGATIVE')],
    ...(leftOut
      ? [['Left out', `${leftOut}: in no training, evaluation or statistic`] as [string, string]]
      : []),
  ];
}

/** Patches that the task takes in, and the share of its positive side. */
function describeSides({ positives, negatives }: ReturnType<typeof countSides>): [string, string] {
  const taken = positives + negatives;
  return [formatCount(taken), formatShare(taken > 0 ? positives / taken : 0)];
}

/** As far as the program tells that recorded the run. */
function describeSize({ parameters, multiplyAdds }: CardEvidence['version']['run']): [string, string][] {
  return [
    ['Parameters', parameters === null ? 'not told' : formatCount(parameters)],
    ['Multiply-adds', multiplyAdds === null ? 'not told' : `${formatCount(multiplyAdds)} a patch`],
  ];
}

function describeProgram({ origin, external }: CardEvidence['version']['run']): [string, string][] {
  if (origin === 'WORKER') return [];
  return [['Origin', `EXTERNAL: trained and recorded by ${external?.client || 'a program'} elsewhere`]];
}

/** What becomes of the pixels before they enter. */
function describeFeeding({ modelChecks: [check] }: CardEvidence['version']['run']): string {
  if (!check) return 'normalisation is inside';
  const { layout, scale, mean, std } = check.modelInput;
  if (feedsPlainBytes(check.modelInput)) return `as they are, in ${layout}`;
  return `(byte × ${formatValue(scale)} − (${mean.join(', ')})) / (${std.join(', ')}), in ${layout}`;
}

/** An external program tells none of it. */
function describeTraining(run: CardEvidence['version']['run']): [string, string][] {
  if (run.origin === 'EXTERNAL') return [];
  return [
    ['Weights kept', `those of epoch ${run.bestEpoch ?? '–'} of ${run.epochsDone}`],
    ['Trained on', [run.backend, run.device].filter(Boolean).join(', ') || '–'],
  ];
}

function describeCalibrating(run: CardEvidence['version']['run']): string {
  const { origin, hyperparameters, temperature } = run;
  if (origin === 'EXTERNAL') return 'as its program gives it';
  return hyperparameters.calibration === 'none'
    ? 'as trained, not calibrated'
    : `calibrated on VALIDATION (temperature ${formatFigure(temperature)})`;
}

function describeAudit(audit: SplitAudit | null): string {
  if (!audit) return 'not made yet';
  const found = audit.passed ? 'passed: nothing crosses its sides.' : `FAILED: ${audit.reasons.join(' ')}`;
  return [found, ...audit.notes].join(' ');
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
