/** The metrics of one finished run on one subset, with what can be drawn from its stored predictions. */
import type { Subset } from '@microtome/domain/subset';
import { builder } from '../builder.ts';
import { describeEvaluation, type EvaluationPicture } from '../evaluation-picture.ts';
import { SubsetEnum } from './enums.ts';

type Confusion = { tp: number; fp: number; tn: number; fn: number };
type CurvePoint = EvaluationPicture['roc'][number];
type ReliabilityBin = EvaluationPicture['reliability'][number];
type PatientEvaluation = EvaluationPicture['patients'][number];

const ConfusionRef = builder.objectRef<Confusion>('Confusion').implement({
  description: 'Patches by label and call at the threshold; the positive class is the data set’s.',
  fields: (t) => ({
    tp: t.exposeInt('tp', { description: 'Positive, called positive.' }),
    fp: t.exposeInt('fp', { description: 'Negative, called positive.' }),
    tn: t.exposeInt('tn', { description: 'Negative, called negative.' }),
    fn: t.exposeInt('fn', { description: 'Positive, called negative.' }),
  }),
});

const CurvePointRef = builder.objectRef<CurvePoint>('CurvePoint').implement({
  description: 'One point of a ROC curve.',
  fields: (t) => ({
    x: t.exposeFloat('x', { description: 'False positive rate, 0..1.' }),
    y: t.exposeFloat('y', { description: 'True positive rate (sensitivity), 0..1.' }),
    threshold: t.exposeFloat('threshold', {
      nullable: true,
      description: 'The threshold of this point; null at the start, where nothing is called positive.',
    }),
  }),
});

const ReliabilityBinRef = builder.objectRef<ReliabilityBin>('ReliabilityBin').implement({
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

const PatientEvaluationRef = builder.objectRef<PatientEvaluation>('PatientEvaluation').implement({
  description: 'The metrics of one patient. A metric that one class alone leaves undefined is null.',
  fields: (t) => ({
    patientKey: t.exposeString('patientKey', { description: 'Key of the patient.' }),
    patches: t.exposeInt('patches', { description: 'Patches.' }),
    positives: t.exposeInt('positives', { description: 'Those of the positive class.' }),
    auc: t.exposeFloat('auc', { nullable: true, description: 'AUC.' }),
    accuracy: t.exposeFloat('accuracy', { nullable: true, description: 'Share of right calls.' }),
    balancedAccuracy: t.exposeFloat('balancedAccuracy', {
      nullable: true,
      description: 'Mean of sensitivity and specificity.',
    }),
    sensitivity: t.exposeFloat('sensitivity', {
      nullable: true,
      description: 'Share of positives called positive.',
    }),
    specificity: t.exposeFloat('specificity', {
      nullable: true,
      description: 'Share of negatives called negative.',
    }),
    meanProbability: t.exposeFloat('meanProbability', { description: 'Mean probability.' }),
    calledShare: t.exposeFloat('calledShare', { description: 'Share of patches that are called positive.' }),
  }),
});

builder.prismaObject('Evaluation', {
  description: 'The metrics of a run on one subset.',
  fields: (t) => ({
    subset: t.field({
      type: SubsetEnum,
      description: 'The subset.',
      resolve: ({ subset }) => subset as Subset,
    }),
    threshold: t.exposeFloat('threshold', { description: 'The threshold used, chosen on VALIDATION.' }),
    metrics: t.expose('metrics', { type: 'JSON', description: 'Metric → value; null where undefined.' }),
    intervals: t.expose('intervals', {
      type: 'JSON',
      description: 'Metric → [low, high], 95 %, by a bootstrap that draws whole patients.',
    }),
    draws: t.exposeInt('draws', { description: 'Bootstrap draws behind the intervals.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    confusion: t.field({
      type: ConfusionRef,
      description: 'Calls at the threshold.',
      resolve: ({ metrics }) => (metrics as { confusion: Confusion }).confusion,
    }),
    roc: t.field({
      type: [CurvePointRef],
      description: 'The ROC curve, thinned to what a picture shows.',
      resolve: async (evaluation, _args, context) => (await describeEvaluation(context, evaluation)).roc,
    }),
    reliability: t.field({
      type: [ReliabilityBinRef],
      description: 'Calibration by bins of probability.',
      resolve: async (evaluation, _args, context) =>
        (await describeEvaluation(context, evaluation)).reliability,
    }),
    patients: t.field({
      type: [PatientEvaluationRef],
      description: 'The metrics of each patient.',
      resolve: async (evaluation, _args, context) => (await describeEvaluation(context, evaluation)).patients,
    }),
  }),
});
