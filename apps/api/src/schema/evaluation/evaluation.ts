/** The metrics of one finished run on one subset, with what can be drawn from its stored predictions. */

import { invariant } from '@microtome/domain/app-error';
import { judgeLearning } from '@microtome/domain/evaluation/learning';
import type { PooledSite, SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import type { ExploredPoint } from '@microtome/domain/metrics/explored-points';
import { findMetric, mapMetrics, titleMetric } from '@microtome/domain/metrics/metric';
import { PATIENT_METRICS } from '@microtome/domain/metrics/patient-table';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import { NAIVE_METRICS, type NaiveMetric, widthRatio } from '@microtome/domain/statistics/naive-intervals';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { describeEvaluation, type EvaluationPicture } from '../../evaluation/evaluation-picture.ts';
import { explorePoints } from '../../evaluation/operating-points.ts';
import { evaluateBySite } from '../../evaluation/site-table.ts';
import { builder } from '../../graphql/builder.ts';
import type { Loaders } from '../../graphql/loaders.ts';
import { SubsetEnum } from '../enums.ts';
import { LearningRef } from './learning.ts';

type Confusion = { tp: number; fp: number; tn: number; fn: number };
type CurvePoint = EvaluationPicture['roc'][number];
type ReliabilityBin = EvaluationPicture['reliability'][number];
type PatientEvaluation = EvaluationPicture['patients'][number];

export const ConfusionRef = builder.objectRef<Confusion>('Confusion').implement({
  description: 'Patches by label and call at the threshold; the positive class is the dataset’s.',
  fields: (t) => ({
    tp: t.exposeInt('tp', { description: 'Positive, called positive.' }),
    fp: t.exposeInt('fp', { description: 'Negative, called positive.' }),
    tn: t.exposeInt('tn', { description: 'Negative, called negative.' }),
    fn: t.exposeInt('fn', { description: 'Positive, called negative.' }),
  }),
});

export const CurvePointRef = builder.objectRef<CurvePoint>('CurvePoint').implement({
  description: 'One point of a ROC or precision-recall curve.',
  fields: (t) => ({
    x: t.exposeFloat('x', { description: 'ROC: false positive rate; precision-recall: recall. 0..1.' }),
    y: t.exposeFloat('y', {
      description: 'ROC: true positive rate (sensitivity); precision-recall: precision. 0..1.',
    }),
    threshold: t.exposeFloat('threshold', {
      nullable: true,
      description: 'The threshold of this point; null at the start of a ROC curve, where nothing is called.',
    }),
  }),
});

export const ReliabilityBinRef = builder.objectRef<ReliabilityBin>('ReliabilityBin').implement({
  description: 'Patches of similar probability, and how often they are positive.',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Lower border of the probability.' }),
    high: t.exposeFloat('high', { description: 'Upper border of the probability.' }),
    count: t.exposeInt('count', { description: 'Patches in it.' }),
    meanProbability: t.exposeFloat('meanProbability', {
      nullable: true,
      description: 'Their mean probability; null when empty.',
    }),
    positiveShare: t.exposeFloat('positiveShare', {
      nullable: true,
      description: 'Share of positives; null when empty.',
    }),
  }),
});

type NaiveInterval = { name: NaiveMetric; low: number; high: number; widthRatio: number | null };

const NaiveIntervalRef = builder.objectRef<NaiveInterval>('NaiveInterval').implement({
  description:
    'A 95 % interval as if patches were independent. WRONG here: shown next to the one by patient, as what would have been claimed.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the metric.' }),
    low: t.exposeFloat('low', { description: 'Lower end.' }),
    high: t.exposeFloat('high', { description: 'Upper end.' }),
    widthRatio: t.exposeFloat('widthRatio', {
      nullable: true,
      description: 'How many times wider the interval by the dataset’s unit is; null where there is none.',
    }),
  }),
});

export const OperatingPointRef = builder.objectRef<ExploredPoint>('OperatingPoint').implement({
  description: 'What would be called at one threshold. Exploratory: nothing of it is stored.',
  fields: (t) => ({
    threshold: t.exposeFloat('threshold', { description: 'Called positive at this probability or above.' }),
    isFrozen: t.exposeBoolean('isFrozen', { description: 'True of the threshold in use.' }),
    rules: t.exposeStringList('rules', {
      description: 'The rules (youden, f1, sensitivity) that choose this threshold on VALIDATION.',
    }),
    confusion: t.field({
      type: ConfusionRef,
      description: 'Calls at this threshold.',
      resolve: ({ confusion }) => confusion,
    }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      description: 'Metric → value at this threshold; null where undefined.',
    }),
  }),
});

/** Fields that clients may still ask for; they are no list of metrics, and get no new ones. */
const FORMER_FIELDS = [
  'auc',
  'averagePrecision',
  'accuracy',
  'balancedAccuracy',
  'sensitivity',
  'specificity',
  'f1',
  'brier',
] as const;

export const PatientEvaluationRef = builder.objectRef<PatientEvaluation>('PatientEvaluation').implement({
  description: 'The metrics of one patient. A metric that one class alone leaves undefined is null.',
  fields: (t) => ({
    patientKey: t.exposeString('patientKey', { description: 'Key of the patient.' }),
    patches: t.exposeInt('patches', { description: 'Patches.' }),
    positives: t.exposeInt('positives', { description: 'Those of the positive class.' }),
    metrics: t.field({
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description: 'Metric → value; null where undefined.',
      resolve: (patient) => mapMetrics(PATIENT_METRICS, (name) => patient[name]),
    }),
    ...mapMetrics(FORMER_FIELDS, (name) =>
      t.exposeFloat(name, {
        nullable: true,
        description: `${titleMetric(name)}. ${findMetric(name)?.about}`,
        deprecationReason: 'Read it by its name from `metrics`, which has every metric.',
      }),
    ),
    meanProbability: t.exposeFloat('meanProbability', { description: 'Mean probability.' }),
    trueArea: t.exposeFloat('trueArea', { description: 'Share of patches of the positive class.' }),
    calledShare: t.exposeFloat('calledShare', { description: 'Share of patches that are called positive.' }),
  }),
});

export const SiteEvaluationRef = builder.objectRef<SiteEvaluation | PooledSite>('SiteEvaluation').implement({
  description: 'The metrics of one site: a centre, scanner or tissue source site.',
  fields: (t) => ({
    site: t.exposeString('site', { description: 'Name of the site.' }),
    patients: t.int({ description: 'Patients.', resolve: ({ metrics }) => metrics.patients }),
    patches: t.int({ description: 'Patches.', resolve: ({ metrics }) => metrics.patches }),
    metrics: t.field({
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description: 'Metric → value; null where undefined.',
      resolve: ({ metrics }) => metrics,
    }),
    intervals: t.field({
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description: 'Metric → [low, high], 95 %, by patient; empty where there are too few patients.',
      resolve: ({ intervals }) => intervals,
    }),
  }),
});

export const EvaluationRef = builder.prismaObject('Evaluation', {
  description: 'The metrics of a run on one subset.',
  fields: (t) => ({
    subset: t.expose('subset', { type: SubsetEnum, description: 'The subset.' }),
    threshold: t.exposeFloat('threshold', { description: 'The threshold used, chosen on VALIDATION.' }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description: 'Metric → value; null where undefined.',
    }),
    intervals: t.expose('intervals', {
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description: 'Metric → [low, high], 95 %, by a bootstrap that draws whole patients.',
    }),
    draws: t.exposeInt('draws', { description: 'Bootstrap draws behind the intervals.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.prismaObjectFields(EvaluationRef, (t) => ({
  confusion: t.field({
    type: ConfusionRef,
    description: 'Calls at the threshold.',
    resolve: ({ metrics }) => metrics.confusion,
  }),
  learning: t.field({
    type: LearningRef,
    description: 'Whether the run has learned anything, by this evaluation.',
    resolve: async (evaluation, _args, { loaders }) =>
      judgeLearning({ ...evaluation, unit: await loadUnit(loaders, evaluation.runId) }),
  }),
  roc: t.field({
    type: [CurvePointRef],
    description: 'The ROC curve, thinned to what a picture shows.',
    resolve: async (evaluation, _args, context) => (await describeEvaluation(context, evaluation)).roc,
  }),
  pr: t.field({
    type: [CurvePointRef],
    description: 'The precision-recall curve, thinned to what a picture shows.',
    resolve: async (evaluation, _args, context) => (await describeEvaluation(context, evaluation)).pr,
  }),
  naiveIntervals: t.field({
    type: [NaiveIntervalRef],
    description: 'What treating patches as independent would have claimed. WRONG here.',
    resolve: async (evaluation, _args, context) =>
      listNaiveIntervals(await describeEvaluation(context, evaluation), evaluation.intervals),
  }),
  operatingPoints: t.field({
    type: [OperatingPointRef],
    description:
      'What would be called at other thresholds, by rising threshold. Exploratory: the frozen one stays.',
    resolve: (evaluation, _args, context) => explorePoints(context, evaluation),
  }),
  reliability: t.field({
    type: [ReliabilityBinRef],
    description: 'Calibration by bins of probability.',
    resolve: async (evaluation, _args, context) =>
      (await describeEvaluation(context, evaluation)).reliability,
  }),
  sites: t.field({
    type: [SiteEvaluationRef],
    description: 'The metrics of each site, at the same threshold; empty where the source tells none.',
    resolve: (evaluation, _args, context) => evaluateBySite(context, evaluation),
  }),
  patients: t.field({
    type: [PatientEvaluationRef],
    description: 'The metrics of each patient.',
    resolve: async (evaluation, _args, context) => (await describeEvaluation(context, evaluation)).patients,
  }),
}));

async function loadUnit(loaders: Loaders, runId: string): Promise<SplittingUnit> {
  const unit = await loaders.unitOfRun.load(runId);
  invariant(unit, `run ${runId} of an evaluation is there`);
  return unit;
}

function listNaiveIntervals(
  { intervalsByPatch }: EvaluationPicture,
  byPatient: Record<string, Interval>,
): NaiveInterval[] {
  return NAIVE_METRICS.flatMap((name) => {
    const naive = intervalsByPatch[name];
    const right = byPatient[name];
    if (!naive) return [];
    const ratio = right ? widthRatio(right, naive) : null;
    return [{ name, low: naive[0], high: naive[1], widthRatio: ratio }];
  });
}
