/**
 * What each JSON column must hold when it is read. Rows outlive the version that wrote them: what a later version added
 * is filled in (null for a figure that was not measured then), what it dropped is kept or left out, and anything else
 * that does not match the type is an error. Ranges are not checked again: they may have been different when the row was written.
 */
import type {
  AnnouncementFacts,
  AnnouncementKind,
  ChampionFacts,
  EvaluationFacts,
  ImportFacts,
  RunFacts,
} from '@microtome/domain/announcement/announcement';
import { ANNOUNCEMENT_KINDS } from '@microtome/domain/announcement/announcement';
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import type { EvaluationMetrics } from '@microtome/domain/evaluation/evaluation';
import type { OutOfFoldMetrics } from '@microtome/domain/evaluation/out-of-fold';
import { CHART_SECTIONS, type ChartLayout } from '@microtome/domain/experiment/chart-layout';
import type { ExternalMetrics } from '@microtome/domain/external-evaluation/external-figures';
import { LIST_LEVELS } from '@microtome/domain/imported-split/find-listed';
import type { ImportedFrom } from '@microtome/domain/imported-split/imported-from';
import { MACRO_METRICS, mapMetrics, POOLED_METRICS, SWEEP_METRICS } from '@microtome/domain/metrics/metric';
import type { KeyedTexts, TextByKey } from '@microtome/domain/mlflow/mlflow-words';
import type { ModelSignature } from '@microtome/domain/model-check/model-check';
import { PROMOTION_ACTS } from '@microtome/domain/promotion/promotion-act';
import type { PromotionVerdict } from '@microtome/domain/promotion/promotion-gate';
import {
  ATTEMPT_OUTCOMES,
  type EpochPayload,
  type EvaluationPayload,
  type LogPayload,
  type MetricsPayload,
  RUN_EVENT_KINDS,
  type RunEventPayload,
  type StatusPayload,
} from '@microtome/domain/run/run-event';
import { RUN_STATUSES } from '@microtome/domain/run/run-status';
import type { ChosenFractions } from '@microtome/domain/split/split';
import { SUBSETS } from '@microtome/domain/split/subset';
import type { SweepDefinition } from '@microtome/domain/sweep/sweep-definition';
import { DEFAULT_SWEEP_METRIC } from '@microtome/domain/sweep/sweep-ranking';
import { z } from 'zod';

const figure = z.number().nullable().default(null);
const count = z.number().default(0);
const sentences = z.array(z.string()).default([]);

export const importChoices = z.looseObject({
  isNameChosen: z.boolean().default(false),
  maxPatches: figure,
  seed: count,
  positive: z.array(z.string()).nullable().default(null),
}) satisfies z.ZodType<ColumnTypes.ImportChoices>;

export const chartLayout = z.looseObject({
  panels: z.array(
    z.looseObject({
      key: z.string(),
      title: z.string().nullable().default(null),
      names: sentences,
      pattern: z.string().nullable().default(null),
      isLog: z.boolean().default(false),
      isHidden: z.boolean().default(false),
    }),
  ),
  folded: z.array(z.enum(CHART_SECTIONS)),
}) satisfies z.ZodType<ChartLayout>;

export const flatRings = z.array(z.array(z.number())) satisfies z.ZodType<ColumnTypes.FlatRings>;

export const auditRecord = z.record(z.string(), z.unknown()) satisfies z.ZodType<ColumnTypes.AuditRecord>;

export const versions = z.record(z.string(), z.string()) satisfies z.ZodType<ColumnTypes.Versions>;

export const chosenFractions = z.union([
  z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  z.strictObject({}),
]) satisfies z.ZodType<ChosenFractions>;

const noPixelFigures = { answered: count, patients: count, auc: figure, balancedAccuracy: figure };
const nothingAnswered = { answered: 0, patients: 0, auc: null, balancedAccuracy: null };

export const splitAudit = z.looseObject({
  passed: z.boolean(),
  reasons: sentences,
  notes: sentences,
  patches: count,
  patientsOnSeveralSides: count,
  identicalAcrossSides: figure,
  nearIdenticalAcrossSides: figure,
  heldOut: count,
  neighboursInTrain: count,
  noPixelBaseline: z
    .looseObject({
      ...noPixelFigures,
      neighbours: count,
      whole: z.looseObject(noPixelFigures).default(nothingAnswered),
      sparse: z.looseObject(noPixelFigures).default(nothingAnswered),
    })
    .default({ ...nothingAnswered, neighbours: 0, whole: nothingAnswered, sparse: nothingAnswered }),
}) satisfies z.ZodType<SplitAudit>;

const named = z.object({ count, examples: sentences }).default({ count: 0, examples: [] });

export const importedFrom = z.looseObject({
  files: sentences,
  digest: z.string(),
  layouts: sentences,
  rule: z.string().default(''),
  level: z.enum(LIST_LEVELS),
  entries: count,
  leftOutRows: count,
  unknown: named,
  ambiguous: named,
  unlistedUnits: named,
  unlistedPatches: count,
  partlyListedUnits: named,
  crossing: z
    .object({
      count,
      listed: z.array(
        z.object({ key: z.string(), sides: z.array(z.object({ side: z.string(), patches: z.number() })) }),
      ),
    })
    .default({ count: 0, listed: [] }),
  tookValidation: z.boolean().default(false),
}) satisfies z.ZodType<ImportedFrom>;

export const sweepDefinition = z.looseObject({
  metric: z.enum(SWEEP_METRICS).default(DEFAULT_SWEEP_METRIC),
  rungs: z.array(z.object({ epochs: z.number(), runs: z.number() })).default([]),
  splitIds: z.array(z.string()),
  space: z.record(z.string(), z.unknown()).optional(),
}) satisfies z.ZodType<SweepDefinition>;

export const intervals = z.record(
  z.string(),
  z.tuple([z.number(), z.number()]),
) satisfies z.ZodType<ColumnTypes.Intervals>;

const pooledMetrics = {
  ...mapMetrics(POOLED_METRICS, () => figure),
  prevalence: figure,
  patches: z.number(),
  patients: z.number(),
  confusion: z.object({ tp: z.number(), fp: z.number(), tn: z.number(), fn: z.number() }),
  probabilityRange: z.tuple([z.number(), z.number()]).nullable().default(null),
  macro: z.looseObject(mapMetrics(MACRO_METRICS, () => figure)),
  macroPatients: z.looseObject(mapMetrics(MACRO_METRICS, () => count)),
};

export const evaluationMetrics = z.looseObject({
  ...pooledMetrics,
  threshold: z.number(),
}) satisfies z.ZodType<EvaluationMetrics>;

export const externalMetrics = z.looseObject({
  ...pooledMetrics,
  threshold: z.number(),
  calibrationIntercept: figure,
  calibrationSlope: figure,
}) satisfies z.ZodType<ExternalMetrics>;

const tensorSignature = z.object({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
});

export const modelSignature = z.looseObject({
  input: tensorSignature,
  output: tensorSignature,
}) satisfies z.ZodType<ModelSignature>;

export const outOfFoldMetrics = z.looseObject({
  ...pooledMetrics,
  thresholds: z.array(z.number()),
}) satisfies z.ZodType<OutOfFoldMetrics>;

export const promotionVerdict = z.looseObject({
  allowed: z.boolean(),
  canOverride: z.boolean().default(false),
  reasons: sentences,
  rules: z
    .array(
      z.looseObject({
        rule: z.string(),
        kind: z.enum(['safety', 'quality', 'warning']),
        passed: z.boolean(),
        figure: z.unknown(),
        sentence: z.string(),
      }),
    )
    .default([]),
}) satisfies z.ZodType<PromotionVerdict>;

export const textByKey = z.record(z.string(), z.string()) satisfies z.ZodType<TextByKey>;

export const keyedTexts = z.array(
  z.object({ key: z.string(), value: z.string() }),
) satisfies z.ZodType<KeyedTexts>;

const payloads = {
  STATUS: z.looseObject({
    status: z.enum(RUN_STATUSES),
    workerId: z.string().optional(),
    outcome: z.enum(ATTEMPT_OUTCOMES).optional(),
    error: z.string().optional(),
    cancelRequested: z.boolean().optional(),
    retried: z.boolean().optional(),
  }) satisfies z.ZodType<StatusPayload>,
  EPOCH: z.looseObject({
    epoch: z.number(),
    step: z.number(),
    best: z.boolean(),
  }) satisfies z.ZodType<EpochPayload>,
  EVALUATION: z.looseObject({
    subset: z.enum(SUBSETS),
    threshold: z.number(),
    openedBy: z.string().optional(),
    reason: z.string().optional(),
  }) satisfies z.ZodType<EvaluationPayload>,
  LOG: z.looseObject({ line: z.string() }) satisfies z.ZodType<LogPayload>,
  METRICS: z.looseObject({}) satisfies z.ZodType<MetricsPayload>,
};

/** The schema of the event's kind; of any kind where the query did not select it. */
export function getPayloadSchema(kind: unknown): z.ZodType<RunEventPayload> {
  const known = RUN_EVENT_KINDS.find((one) => one === kind);
  return known ? payloads[known] : z.union(Object.values(payloads));
}

const words = z.string().nullable().default(null);

const runFacts = z.looseObject({
  runId: z.string(),
  runName: z.string(),
  status: z.enum(RUN_STATUSES),
  error: words,
  experimentId: z.string(),
  experimentName: z.string(),
}) satisfies z.ZodType<RunFacts>;

const importFacts = z.looseObject({
  importId: z.string(),
  name: z.string(),
  status: z.enum(['SUCCEEDED', 'FAILED', 'CANCELED']),
  error: words,
  datasetId: words,
}) satisfies z.ZodType<ImportFacts>;

const evaluationFacts = z.looseObject({
  runId: z.string(),
  runName: z.string(),
  subset: z.enum(SUBSETS).nullable(),
  externalEvaluationId: words,
  datasetName: words,
}) satisfies z.ZodType<EvaluationFacts>;

const championFacts = z.looseObject({
  modelId: z.string(),
  modelName: z.string(),
  act: z.enum(PROMOTION_ACTS),
  promotionId: z.string(),
  versionId: z.string(),
  versionNumber: z.number(),
  fromVersionId: words,
  fromVersionNumber: figure,
  overridden: z.boolean(),
  reason: z.string(),
  promotedBy: z.string(),
}) satisfies z.ZodType<ChampionFacts>;

const facts = {
  RUN_QUEUED: runFacts,
  RUN_RUNNING: runFacts,
  RUN_SUCCEEDED: runFacts,
  RUN_FAILED: runFacts,
  RUN_CANCELED: runFacts,
  EVALUATION_READY: evaluationFacts,
  CHAMPION_MOVED: championFacts,
  IMPORT_SUCCEEDED: importFacts,
  IMPORT_FAILED: importFacts,
  IMPORT_CANCELED: importFacts,
} satisfies Record<AnnouncementKind, z.ZodType<AnnouncementFacts>>;

/** The schema of the announcement's kind; of any kind where the query did not select it. */
export function getFactsSchema(kind: unknown): z.ZodType<AnnouncementFacts> {
  const known = ANNOUNCEMENT_KINDS.find((one) => one === kind);
  return known ? facts[known] : z.union([runFacts, importFacts, championFacts, evaluationFacts]);
}
