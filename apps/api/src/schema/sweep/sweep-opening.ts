/** The recorded act that unseals TEST of every fold of a cross-validation, and the pooled result. */
import { openSweepTest } from '@microtome/store/sweep/sweep-openings';
import { describeOutOfFold } from '../../evaluation/out-of-fold.ts';
import { evaluatePooledBySite } from '../../evaluation/site-table.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import {
  ConfusionRef,
  CurvePointRef,
  PatientEvaluationRef,
  ReliabilityBinRef,
  SiteEvaluationRef,
} from '../evaluation/evaluation.ts';
import { SweepRef } from './sweep.ts';

export const SweepOpeningRef = builder.prismaObject('SweepOpening', {
  description:
    'TEST of all folds, opened together, and their pooled result: every patient was predicted once, by the network that never saw it. It never changes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    openedBy: t.exposeString('openedBy', { description: 'Who, as they called themselves.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When.' }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description:
        'Metric → value over all folds; null where undefined. Calls are those of each fold at its own threshold (`thresholds`), probabilities are calibrated on each fold’s VALIDATION.',
    }),
    intervals: t.expose('intervals', {
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      description: 'Metric → [low, high], 95 %, by a bootstrap that draws whole patients.',
    }),
    draws: t.exposeInt('draws', { description: 'Bootstrap draws behind the intervals.' }),
    confusion: t.field({
      type: ConfusionRef,
      description: 'Calls of all folds.',
      resolve: ({ metrics }) => metrics.confusion,
    }),
    roc: t.field({
      type: [CurvePointRef],
      description: 'The ROC curve of the pooled probabilities, thinned to what a picture shows.',
      resolve: async ({ sweepId }, _args, context) => (await describeOutOfFold(context, sweepId)).roc,
    }),
    reliability: t.field({
      type: [ReliabilityBinRef],
      description: 'Calibration of the pooled probabilities by bins.',
      resolve: async ({ sweepId }, _args, context) => (await describeOutOfFold(context, sweepId)).reliability,
    }),
    patients: t.field({
      type: [PatientEvaluationRef],
      description: 'The metrics of each patient, by its fold’s network.',
      resolve: async ({ sweepId }, _args, context) => (await describeOutOfFold(context, sweepId)).patients,
    }),
    sites: t.field({
      type: [SiteEvaluationRef],
      description:
        'The metrics of each site over all folds, each fold at its own threshold; empty where the source tells none.',
      resolve: ({ sweepId }, _args, context) => evaluatePooledBySite(context, sweepId),
    }),
    csvUrl: t.string({
      description: 'Path of the pooled out-of-fold predictions as CSV below the API’s address.',
      resolve: ({ sweepId }) => `/sweeps/${sweepId}/out-of-fold.csv`,
    }),
  }),
});

builder.prismaObjectField(SweepRef, 'opening', (t) =>
  t.relation('opening', {
    type: SweepOpeningRef,
    nullable: true,
    description: 'FOLDS: who opened TEST of all folds, and the pooled result; null while sealed.',
  }),
);

builder.mutationField('openSweepTest', (t) =>
  t.field({
    type: SweepRef,
    description:
      'Opens TEST for every fold of a cross-validation together. Recorded for good and counted for the split of each fold. Refused unless every run SUCCEEDED.',
    args: {
      sweepId: t.arg.id({ required: true, description: 'Id of the sweep.' }),
      reason: t.arg.string({
        extensions: typed('reason'),
        required: true,
        description: 'Why, for all to read.',
      }),
      openedBy: t.arg.string({
        extensions: typed('personName'),
        description: 'Who; "unknown" when left out.',
      }),
    },
    resolve: (_root, { sweepId, reason, openedBy }, { store, predictions, background }) =>
      openSweepTest(store, {
        sweepId: parseRecordId(sweepId, 'sweep'),
        reason,
        openedBy: openedBy ?? undefined,
        source: predictions,
        evaluate: background.evaluate,
        evaluateOutOfFold: background.evaluateOutOfFold,
      }),
  }),
);
