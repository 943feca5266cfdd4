/**
 * What the background thread computes: runs the domain's functions and shapes their results for a page, or writes
 * what is slow to write: a PDF report, a Parquet table. Pure, except for the fonts that a report reads.
 */
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { comparePaired } from '@microtome/domain/comparison/compare-paired';
import { type ContextEvaluation, evaluateInContext } from '@microtome/domain/context/context-evaluation';
import {
  type ContextStep,
  chooseContext,
  type PatchesInContext,
  type PlacedProbabilities,
  putInContext,
} from '@microtome/domain/context/context-step';
import { evaluateFoldsInContext, type PooledContext } from '@microtome/domain/context/pooled-context';
import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import {
  callFolds,
  evaluateOutOfFold,
  type FoldPredictions,
  poolFolds,
  takeCalls,
} from '@microtome/domain/evaluation/out-of-fold';
import {
  evaluatePooledSites,
  evaluateSites,
  type PooledSite,
  type SiteEvaluation,
} from '@microtome/domain/evaluation/site-evaluation';
import { evaluateSubgroups, type SubgroupDivision } from '@microtome/domain/evaluation/subgroup';
import { certifySplit } from '@microtome/domain/imported-split/certify-split';
import type { ListedDataset } from '@microtome/domain/imported-split/listed-dataset';
import { type PlacedList, placeList } from '@microtome/domain/imported-split/place-list';
import { judgeLists, type ListRequest } from '@microtome/domain/listed-split/judge-lists';
import type { SplitCertificate } from '@microtome/domain/listed-split/split-certificate';
import { CALIBRATION_BIN_COUNT, reliabilityBins } from '@microtome/domain/metrics/calibration';
import type { MetricSubject } from '@microtome/domain/metrics/metric';
import { measureOperatingPoints, type OperatingPointAt } from '@microtome/domain/metrics/operating-points';
import { type PatientRow, tabulatePatients } from '@microtome/domain/metrics/patient-table';
import { prCurve, rocAuc, rocCurve } from '@microtome/domain/metrics/roc';
import { countPatients, type Labelled, type Scored } from '@microtome/domain/metrics/scored';
import type { TableEvaluation } from '@microtome/domain/scored-table/evaluate-table';
import { type CalibrationLine, fitCalibrationLine } from '@microtome/domain/statistics/calibration-line';
import { intervalsByPatch } from '@microtome/domain/statistics/naive-intervals';
import type { ContextChoice } from '@microtome/store/evaluation/run-context';
import { judgeEvidence, type StoredEvidence } from '@microtome/store/split/stored-evidence';
import type { ExportTable } from '../report/export-table.ts';
import type { ReportDocument } from '../report/report-document.ts';
import { evaluateText, type TextRequest } from '../scored-table/evaluate-text.ts';
import { measureRemembered } from './remembered-sides.ts';

/** Reports the share of a task that is done, from 0 to 1. */
export type OnProgress = (share: number) => void;
type EvaluateInput = Parameters<typeof evaluateWithIntervals>[0];
type EvaluateResult = ReturnType<typeof evaluateWithIntervals>;
type CompareInput = Parameters<typeof comparePaired>[0];
type CompareResult = ReturnType<typeof comparePaired>;
type PictureInput = { scored: Scored; threshold: number };
export type PictureResult = {
  roc: { x: number; y: number; threshold: number | null }[];
  /** x recall, y precision. */
  pr: { x: number; y: number; threshold: number | null }[];
  /** As if patches were independent: wrong, shown next to those by patient. */
  intervalsByPatch: ReturnType<typeof intervalsByPatch>;
  reliability: { low: number; high: number; count: number; meanProbability: number; positiveShare: number }[];
  patients: (PatientRow & { meanProbability: number })[];
};
type SitesInput = EvaluateInput & { sites: readonly string[]; siteOf: Int32Array };
type PooledSitesInput = OutOfFoldInput & Parameters<typeof evaluatePooledSites>[1];
type OperatingPointsInput = { scored: Labelled; thresholds: readonly number[] };
type PlaceInput = { request: Parameters<typeof placeList>[0]; dataset: ListedDataset };
type PlacedStep = { placed: PlacedProbabilities; step: ContextStep };
type OutOfFoldInput = Parameters<typeof evaluateOutOfFold>[0];
/** Without the entries, which may be many. */
export type ListVerdict = Omit<ReturnType<typeof judgeLists>, 'entries'>;
type OutOfFoldResult = ReturnType<typeof evaluateOutOfFold>;
/** `groups` gives each patch a dense group number, 0 to groupCount - 1. */
type GroupInput = {
  probabilities: Float64Array;
  labels: Uint8Array;
  groups: Int32Array;
  groupCount: number;
  threshold: number;
};
/** `called` and `wrong` count calls at the threshold. */
export type GroupFigures = { patches: number; called: number; wrong: number; auc: number | null }[];

export const BACKGROUND_TASKS = {
  evaluate: (input: EvaluateInput): EvaluateResult => evaluateWithIntervals(input),
  compare: (input: CompareInput): CompareResult => comparePaired(input, measureRemembered),
  picture: describeScored,
  calibrationLine: (scored: Scored): CalibrationLine => fitCalibrationLine(scored),
  operatingPoints: ({ scored, thresholds }: OperatingPointsInput): OperatingPointAt[] =>
    measureOperatingPoints(scored, thresholds),
  evaluateOutOfFold: (input: OutOfFoldInput): OutOfFoldResult => evaluateOutOfFold(input),
  outOfFoldPicture: describeFolds,
  groupFigures: measureGroups,
  sites: ({ sites, siteOf, ...scoring }: SitesInput): SiteEvaluation[] =>
    evaluateSites(scoring, { sites, siteOf }),
  pooledSites: ({ sites, siteOf, ...folds }: PooledSitesInput): PooledSite[] =>
    evaluatePooledSites(folds, { sites, siteOf }),
  chooseContext: ({ validation, options }: ContextChoice): ContextStep | null =>
    chooseContext(validation, options),
  putInContext: ({ placed, step }: PlacedStep): PatchesInContext => putInContext(placed, step),
  context: (input: Parameters<typeof evaluateInContext>[0]): ContextEvaluation | null =>
    evaluateInContext(input, measureRemembered),
  pooledContext: (input: Parameters<typeof evaluateFoldsInContext>[0]): PooledContext | null =>
    evaluateFoldsInContext(input),
  subgroups: (input: EvaluateInput & { subject: MetricSubject }): SubgroupDivision[] =>
    evaluateSubgroups(input),
  audit: (evidence: StoredEvidence, onProgress?: OnProgress): SplitAudit =>
    judgeEvidence(evidence, onProgress),
  auditList: (request: ListRequest): ListVerdict => {
    const { audit, layouts, leftOut } = judgeLists(request);
    return { audit, layouts, leftOut };
  },
  evaluateTable: (request: TextRequest): Promise<TableEvaluation> => evaluateText(request),
  placeList: ({ request, dataset }: PlaceInput): PlacedList => placeList(request, dataset),
  certify: (input: Parameters<typeof certifySplit>[0]): SplitCertificate => certifySplit(input),
  writeParquet: async (table: ExportTable): Promise<Uint8Array> =>
    (await import('../report/write-parquet.ts')).writeParquet(table),
  // Loaded with the first report: a comparison should not wait half a second for its fonts.
  renderReport: async (report: ReportDocument): Promise<Uint8Array> =>
    (await import('../report/render-pdf.ts')).renderPdf(report),
};

/** Between the calls 0 and 1. */
const CALL_THRESHOLD = 0.5;

export type BackgroundTaskName = keyof typeof BACKGROUND_TASKS;

function describeScored({ scored, threshold }: PictureInput): PictureResult {
  const roc = rocCurve(scored) ?? [];
  const sums = new Float64Array(countPatients(scored.patients));
  for (const [patch, patient] of scored.patients.entries()) {
    sums[patient] = (sums[patient] ?? 0) + (scored.probabilities[patch] ?? 0);
  }
  return {
    roc: roc.map((point) => ({
      x: point.falsePositiveRate,
      y: point.sensitivity,
      threshold: point.threshold,
    })),
    pr: (prCurve(scored) ?? []).map(({ recall, precision, threshold }) => ({
      x: recall,
      y: precision,
      threshold,
    })),
    intervalsByPatch: intervalsByPatch({ scored, threshold }),
    reliability: reliabilityBins(scored).map(({ index, count, meanProbability, frequency }) => ({
      low: index / CALIBRATION_BIN_COUNT,
      high: (index + 1) / CALIBRATION_BIN_COUNT,
      count,
      meanProbability,
      positiveShare: frequency,
    })),
    patients: tabulatePatients({ scored, threshold }).map((row) => ({
      ...row,
      meanProbability: (sums[row.patient] ?? 0) / row.patches,
    })),
  };
}

/** Curves from the pooled probabilities; of each patient the calls are those of its fold, at the fold's threshold. */
function describeFolds({ folds }: { folds: readonly FoldPredictions[] }): PictureResult {
  const scored = poolFolds(folds);
  const picture = describeScored({ scored, threshold: CALL_THRESHOLD });
  const calls = tabulatePatients({
    scored: { ...scored, probabilities: callFolds(folds) },
    threshold: CALL_THRESHOLD,
  });
  const patients = picture.patients.map((row, index) => {
    const { confusion, predictedArea, ...called } = calls[index] ?? row;
    return { ...takeCalls(row, called), confusion, predictedArea };
  });
  return { ...picture, patients };
}

function measureGroups({ probabilities, labels, groups, groupCount, threshold }: GroupInput): GroupFigures {
  const isCalled = (patch: number) => (probabilities[patch] ?? 0) >= threshold;
  const members: number[][] = Array.from({ length: groupCount }, () => []);
  for (let patch = 0; patch < groups.length; patch++) members[groups[patch] ?? 0]?.push(patch);
  return members.map((patches) => ({
    patches: patches.length,
    called: patches.filter(isCalled).length,
    wrong: patches.filter((patch) => isCalled(patch) !== (labels[patch] === 1)).length,
    auc: rocAuc({
      probabilities: Float64Array.from(patches, (patch) => probabilities[patch] ?? Number.NaN),
      labels: Uint8Array.from(patches, (patch) => labels[patch] ?? 0),
    }),
  }));
}
