/** The content of a model card, section by section, from the evidence. */
import { judgeLearning } from '@microtome/domain/evaluation/learning';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { explainUnit, hasUnits, nameUnit } from '@microtome/domain/unit/unit-words';
import { describeNeighbours } from './card-context.ts';
import { describeExams, describeSites } from './card-external.ts';
import { describeData, describeHyperparameters, describeModel, describeSplit } from './card-origin.ts';
import { describeCalibration, describeMetrics, describeSubgroups } from './card-performance.ts';
import { describeGate, describeOpenings, listLimits } from './card-record.ts';
import { describeFiles, describeReproduction } from './card-reproduction.ts';
import type { CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock, ModelCard } from './model-card.ts';

const NO_INTENDED_USE =
  'The intended use of this model has not been written down. Until it is, use it only for research on the data it was made from.';

export function buildModelCard(evidence: CardEvidence): ModelCard {
  const { version } = evidence;
  const { model, run } = version;
  const weights = run.artifacts.find(({ role }) => role === 'MODEL_WEIGHTS') ?? run.files[0];
  return {
    title: `${model.name}, version ${version.number}`,
    subtitle: model.description,
    identity: `${model.name}@${version.number}${weights ? ` · weights ${weights.artifactHash.slice(0, 16)}` : ''}`,
    asOf: findNewest(evidence),
    blocks: [
      ...warnOfUnit(evidence),
      ...warnOfUnsafeSplit(evidence),
      ...warnOfChance(evidence),
      ...describeUse(evidence),
      ...describeModel(evidence),
      ...describeData(evidence),
      ...describeSplit(evidence),
      ...describeHyperparameters(evidence),
      ...describeMetrics(evidence),
      ...describeCalibration(evidence),
      ...describeNeighbours(evidence),
      ...describeSubgroups(evidence),
      ...describeSites(evidence),
      ...describeExams(evidence),
      ...listLimits(evidence),
      ...describeOpenings(evidence),
      ...describeGate(evidence),
      ...describeReproduction(evidence),
      ...describeFiles(evidence),
    ],
  };
}

/** Whose the data are is the first thing to know of a model: where patients are unknown, it is said at the top. */
function warnOfUnit({ version }: CardEvidence): CardBlock[] {
  const { unit } = version.run.experiment.dataset;
  const warning = explainUnit(unit);
  return warning ? [{ kind: 'notice', title: 'Patients unknown', items: [warning] }] : [];
}

function warnOfUnsafeSplit({ version }: CardEvidence): CardBlock[] {
  const { split, experiment } = version.run;
  const { unit } = experiment.dataset;
  if (!isUnsafeSplit(split)) return [];
  const reason =
    split.kind === 'PATCH'
      ? `The split is by patch: ${hasUnits(unit) ? `patches of one ${nameUnit(unit).one} lie on every side` : 'nothing binds its patches together'}.`
      : 'The leakage audit of the split failed: tissue of one side lies on another.';
  return [
    {
      kind: 'notice',
      title: 'UNSAFE: test data seen in training',
      items: [reason, 'Its figures are inflated. It can never be promoted.'],
    },
  ];
}

function warnOfChance({ version, evaluations }: CardEvidence): CardBlock[] {
  const { unit } = version.run.experiment.dataset;
  return evaluations.flatMap(({ row }): CardBlock[] => {
    const { state, title, reason } = judgeLearning({ ...row, unit });
    return state === 'NOT_LEARNED' ? [{ kind: 'notice', title, items: [reason] }] : [];
  });
}

function describeUse({ version: { model, notes } }: CardEvidence): CardBlock[] {
  return [
    { kind: 'heading', text: 'Intended use' },
    ...(model.intendedUse || NO_INTENDED_USE)
      .split(/\n\s*\n/)
      .map((text): CardBlock => ({ kind: 'paragraph', text })),
    {
      kind: 'paragraph',
      tone: 'muted',
      text: 'It is not a medical device: it was not made or tested for diagnosing or treating people.',
    },
    ...(notes ? [{ kind: 'paragraph', text: `Notes on this version: ${notes}` } as const] : []),
  ];
}

function findNewest({ version }: CardEvidence): Date {
  const { run, promotions } = version;
  const moments = [
    version.createdAt,
    ...run.split.testOpenings.map(({ openedAt }) => openedAt),
    ...promotions.map(({ createdAt }) => createdAt),
    ...run.externalEvaluations.flatMap(({ finishedAt }) => finishedAt ?? []),
  ];
  return new Date(Math.max(...moments.map((moment) => moment.getTime())));
}
