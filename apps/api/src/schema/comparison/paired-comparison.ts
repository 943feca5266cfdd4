/** Two runs on the same opened TEST patients: differences, tests by patient, agreement, and who differs most. */
import type { JudgedMetric } from '@microtome/domain/comparison/judge-pairs';
import type {
  DifferingPatient,
  PairedComparison,
  PairTests,
} from '@microtome/domain/comparison/paired-comparison';
import type { ComparedRun } from '@microtome/store/comparison/compared-runs';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { SlideRef } from '../dataset/slide.ts';
import { DifferenceVerdictKindEnum, SubsetEnum } from '../enums.ts';
import { RunRef } from '../run/run.ts';

const DifferenceVerdictRef = builder
  .objectRef<JudgedMetric<ComparedRun>['verdict']>('DifferenceVerdict')
  .implement({
    description: 'The verdict on one difference, the same wherever it is shown.',
    fields: (t) => ({
      kind: t.expose('kind', { type: DifferenceVerdictKindEnum, description: 'What it is.' }),
      leader: t.field({
        type: RunRef,
        nullable: true,
        description: 'The run that leads; null where neither does.',
        resolve: ({ leader }) => leader,
      }),
      text: t.exposeString('text', { description: 'In words, e.g. "deep leads, but not after Holm".' }),
    }),
  });

export const PairedMetricRef = builder.objectRef<JudgedMetric<ComparedRun>>('PairedMetric').implement({
  description: 'One metric of two runs on the same patches.',
  fields: (t) => ({
    name: t.exposeString('metric', { description: 'Name of the metric.' }),
    a: t.exposeFloat('a', { nullable: true, description: 'Its value in run a.' }),
    b: t.exposeFloat('b', { nullable: true, description: 'Its value in run b.' }),
    difference: t.exposeFloat('difference', { nullable: true, description: 'a − b.' }),
    low: t.float({
      nullable: true,
      description: 'Lower end of the 95 % interval of the difference, by patient.',
      resolve: ({ interval }) => interval?.[0] ?? null,
    }),
    high: t.float({
      nullable: true,
      description: 'Upper end of the 95 % interval of the difference, by patient.',
      resolve: ({ interval }) => interval?.[1] ?? null,
    }),
    pValue: t.exposeFloat('pValue', {
      nullable: true,
      description: 'Two-sided p-value, clustered by patient; null where none is defined.',
    }),
    adjustedP: t.exposeFloat('adjustedP', {
      nullable: true,
      description: 'The p-value after Holm, over all metrics of this pair.',
    }),
    acrossPairsP: t.exposeFloat('acrossPairsP', {
      nullable: true,
      description: 'The p-value after Holm, over all pairs tested here, for this metric.',
    }),
    verdict: t.field({
      type: DifferenceVerdictRef,
      description: 'What the difference allows one to say, by its interval and both adjusted p-values.',
      resolve: ({ verdict }) => verdict,
    }),
  }),
});

type AucTest = NonNullable<PairTests['clusteredAuc']> & { widthRatio?: number | null };

const AucTestRef = builder.objectRef<AucTest>('AucTest').implement({
  description: 'The difference of two AUCs (a − b) with its interval and p-value.',
  fields: (t) => ({
    difference: t.exposeFloat('difference', { description: 'a − b.' }),
    standardError: t.exposeFloat('standardError', { description: 'Its standard error.' }),
    low: t.float({ description: 'Lower end of the 95 % interval.', resolve: ({ interval }) => interval[0] }),
    high: t.float({ description: 'Upper end of the 95 % interval.', resolve: ({ interval }) => interval[1] }),
    pValue: t.exposeFloat('pValue', { description: 'Two-sided.' }),
    widthRatio: t.float({
      nullable: true,
      description: 'Of the naive test: how many times wider the interval by patient is.',
      resolve: ({ widthRatio }) => widthRatio ?? null,
    }),
  }),
});

const AgreementRef = builder.objectRef<PairTests['agreement']>('Agreement').implement({
  description: 'Patches by which of the two runs is right, each at its own threshold.',
  fields: (t) => ({
    bothRight: t.exposeInt('bothRight', { description: 'Both are right.' }),
    onlyA: t.exposeInt('onlyA', { description: 'Only run a is right.' }),
    onlyB: t.exposeInt('onlyB', { description: 'Only run b is right.' }),
    bothWrong: t.exposeInt('bothWrong', { description: 'Both are wrong.' }),
  }),
});

export const PairTestsRef = builder.objectRef<PairTests>('PairTests').implement({
  description:
    'Tests of two runs on the same patches: those by patient, and next to them the naive ones, which are wrong here.',
  fields: (t) => ({
    auc: t.field({
      type: AucTestRef,
      nullable: true,
      description:
        'AUC by DeLong, clustered by patient after Obuchowski; null where its variance does not exist.',
      resolve: ({ clusteredAuc }) => clusteredAuc,
    }),
    naiveAuc: t.field({
      type: AucTestRef,
      nullable: true,
      description:
        'DeLong as if patches were independent. WRONG here: shown as what would have been claimed.',
      resolve: ({ naiveAuc }) => naiveAuc,
    }),
    meanAccuracyDifference: t.exposeFloat('meanAccuracyDifference', {
      description: 'Mean over patients of accuracy a − accuracy b.',
    }),
    signFlipP: t.float({
      description: 'Sign-flip test by patient of that mean.',
      resolve: ({ signFlip }) => signFlip.pValue,
    }),
    signFlipIsExact: t.boolean({
      description: 'Over all sign patterns (up to 20 patients that differ), else over seeded draws.',
      resolve: ({ signFlip }) => signFlip.isExact,
    }),
    signFlipPatients: t.int({
      description: 'Patients whose accuracies differ.',
      resolve: ({ signFlip }) => signFlip.differing,
    }),
    clusteredMcNemarP: t.float({
      description: 'Durkalski’s McNemar test by patient: are both right equally often?',
      resolve: ({ clusteredMcNemar }) => clusteredMcNemar.pValue,
    }),
    naiveMcNemarP: t.float({
      description: 'McNemar as if patches were independent (with continuity correction). WRONG here.',
      resolve: ({ naiveMcNemar }) => naiveMcNemar.correctedP,
    }),
    agreement: t.field({
      type: AgreementRef,
      description: 'Who is right on which patches.',
      resolve: ({ agreement }) => agreement,
    }),
    skippedDraws: t.exposeInt('skippedDraws', {
      description: 'Bootstrap draws left out because a class was missing in them.',
    }),
  }),
});

const DifferingPatientRef = builder
  .objectRef<DifferingPatient & { datasetId: string }>('DifferingPatient')
  .implement({
    description: 'A patient under two runs.',
    fields: (t) => ({
      patientKey: t.exposeString('patientKey', { description: 'Key of the patient.' }),
      patches: t.exposeInt('patches', { description: 'Patches that both predicted.' }),
      onlyA: t.exposeInt('onlyA', { description: 'Patches on which only run a is right.' }),
      onlyB: t.exposeInt('onlyB', { description: 'Patches on which only run b is right.' }),
      accuracyA: t.exposeFloat('accuracyA', { description: 'Share of right calls of run a.' }),
      accuracyB: t.exposeFloat('accuracyB', { description: 'Share of right calls of run b.' }),
      slides: t.field({
        type: [SlideRef],
        description: 'The slides of this patient.',
        resolve: async ({ datasetId, patientKey }, _args, { loaders }) =>
          (await loaders.slidesOfPatientKey.load({ datasetId, patientKey })) ?? [],
      }),
    }),
  });

export const PairedComparisonRef = builder
  .objectRef<PairedComparison<ComparedRun>>('PairedComparison')
  .implement({
    description: 'Two runs on the same opened TEST patients.',
    fields: (t) => ({
      a: t.field({ type: RunRef, description: 'The first run.', resolve: ({ a }) => a }),
      b: t.field({ type: RunRef, description: 'The second run.', resolve: ({ b }) => b }),
      subset: t.field({
        type: SubsetEnum,
        description: 'The subset they were compared on.',
        resolve: () => 'TEST' as const,
      }),
      patients: t.exposeInt('patients', { description: 'Patients of run a’s TEST.' }),
      patientsB: t.exposeInt('patientsB', { description: 'Patients of run b’s TEST.' }),
      sharedPatients: t.exposeInt('sharedPatients', {
        description: 'Patients that both TEST sides hold: those that are paired.',
      }),
      restricted: t.exposeBoolean('restricted', {
        description: 'True where patients that only one of the two was tested on are left out.',
      }),
      patches: t.exposeInt('patches', { description: 'Patches that both runs predicted.' }),
      draws: t.exposeInt('draws', { description: 'Paired bootstrap draws of whole patients.' }),
      metrics: t.field({
        type: [PairedMetricRef],
        description: 'The metrics; empty when refused.',
        resolve: ({ metrics }) => metrics,
      }),
      tests: t.field({
        type: PairTestsRef,
        nullable: true,
        description: 'The tests; null when refused.',
        resolve: ({ tests }) => tests,
      }),
      differing: t.field({
        type: [DifferingPatientRef],
        description: 'The paired patients, those whose accuracies differ most first.',
        args: { first: t.arg.int({ description: `Only so many, at most ${MAX_PAGE_SIZE}.` }) },
        resolve: ({ a, differing }, { first }) =>
          differing.slice(0, first ?? undefined).map((row) => ({ ...row, datasetId: a.datasetId })),
      }),
      caution: t.exposeString('caution', {
        nullable: true,
        description:
          'Why the intervals and p-values need caution (few patients), as a sentence; null if they do not.',
      }),
      refused: t.exposeString('refused', {
        nullable: true,
        description: 'Why the two are not compared, as a sentence; null when they were.',
      }),
    }),
  });
