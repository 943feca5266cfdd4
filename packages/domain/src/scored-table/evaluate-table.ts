/**
 * The statistics of a table of scores: for each model and side every figure with intervals by patient, by site and by
 * patient, and the models compared with one another on the same patients. The statistics are those of runs.
 */
import { AppError } from '../app-error.ts';
import { choosePairs } from '../comparison/choose-pairs.ts';
import { comparePaired, measureSide, type PairSide, type SideRequest } from '../comparison/compare-paired.ts';
import { describePair } from '../comparison/describe-comparison.ts';
import { type Judged, judgePairs } from '../comparison/judge-pairs.ts';
import { describeTestedPair, type TestedPair } from '../comparison/paired-comparison.ts';
import { MAX_TESTED_PAIRS } from '../comparison/refuse-pair.ts';
import type { EvaluationMetrics } from '../evaluation/evaluation.ts';
import { evaluateSites, type SiteEvaluation } from '../evaluation/site-evaluation.ts';
import { addCalibrationLine, type ExternalFigures } from '../external-evaluation/external-figures.ts';
import { isMeanOverPatients, MACRO_METRICS, mapMetrics } from '../metrics/metric.ts';
import { type PatientRow, tabulatePatients } from '../metrics/patient-table.ts';
import { countClasses, type Scored } from '../metrics/scored.ts';
import { chooseThreshold, type ThresholdRule } from '../metrics/threshold.ts';
import { fitCalibrationLine } from '../statistics/calibration-line.ts';
import { warnOfFewPatients } from '../statistics/few-patients.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { hasUnits } from '../unit/unit-words.ts';
import type { TableSide } from './collect-rows.ts';
import { describeThreshold } from './describe-table.ts';
import type { ScoredTable, TableRows } from './scored-table.ts';

export type TablePlan = {
  /** For all models that have none of their own; chosen on VALIDATION when null, and 0.5 without it. */
  threshold: number | null;
  thresholdRule: ThresholdRule;
  targetSensitivity: number;
  /** The model that all others are compared with, by its column; with few models every pair is. */
  reference: string | null;
  draws: number;
  seed: number;
};

export type ModelEvaluation = ExternalFigures & {
  name: string;
  threshold: number;
  /** Where the threshold comes from, in words. */
  thresholdFrom: string;
  sites: SiteEvaluation[];
  /** Empty where nothing binds rows together. */
  patients: (PatientRow & { key: string })[];
};

export type SideEvaluation = {
  side: TableSide;
  rows: number;
  positives: number;
  /** 0 where nothing binds rows together. */
  patients: number;
  models: ModelEvaluation[];
};

export type TablePair = Judged<TestedPair<{ name: string }>> & {
  /** Which of the two has the higher AUC, by how much, and how sure that is. */
  sentence: string;
};

export type TableEvaluation = {
  unit: SplittingUnit;
  positiveName: string;
  negativeName: string;
  rows: number;
  layout: string;
  notes: string[];
  draws: number;
  sides: SideEvaluation[];
  /** TEST where there is one. */
  comparedSide: TableSide;
  /** Which pairs are compared, as a sentence; null for one model. */
  pairing: string | null;
  pairs: TablePair[];
};

type Model = { name: string; threshold: number; thresholdFrom: string };

/** @throws AppError BAD_INPUT for a threshold that is no probability, and for an unknown reference */
export function evaluateTable(table: ScoredTable, plan: TablePlan): TableEvaluation {
  const models = table.models.map((_, at) => chooseModel(table, at, plan));
  // The work on a model alone is most of it, and the same for its figures and for each of its pairs.
  const measured = new Map<Float64Array, PairSide>();
  const measure = (request: SideRequest) => {
    const known = measured.get(request.scored.probabilities) ?? measureSide(request);
    measured.set(request.scored.probabilities, known);
    return known;
  };
  const compared = table.sides.at(-1) as TableRows;
  const { pairing, pairs } = comparePairs({ table, compared, models, plan, measure });
  const caution = warnOfFewPatients(compared.keys.length, table.unit);
  return {
    unit: table.unit,
    positiveName: table.positiveName,
    negativeName: table.negativeName,
    rows: table.rows,
    layout: table.layout,
    notes: [...table.notes, ...(caution && hasUnits(table.unit) ? [caution] : [])],
    draws: plan.draws,
    sides: table.sides.map((rows) => evaluateSide(rows, { models, unit: table.unit, plan, measure })),
    comparedSide: compared.side,
    pairing,
    pairs,
  };
}

function chooseModel({ models, sides }: ScoredTable, at: number, plan: TablePlan): Model {
  const { column: name, threshold: own } = models[at] as ScoredTable['models'][number];
  const told = own ?? plan.threshold;
  if (told !== null) {
    if (!(told >= 0 && told <= 1)) {
      throw new AppError('BAD_INPUT', `The threshold of '${name}' is ${told}: it lies from 0 to 1.`);
    }
    return { name, threshold: told, thresholdFrom: describeThreshold('TOLD', plan.thresholdRule) };
  }
  const validation = sides.find(({ side }) => side === 'VALIDATION');
  if (!validation) {
    return { name, threshold: 0.5, thresholdFrom: describeThreshold('DEFAULT', plan.thresholdRule) };
  }
  const scored = { probabilities: validation.scores[at] as Float64Array, labels: validation.labels };
  const { thresholdRule: rule, targetSensitivity } = plan;
  return {
    name,
    threshold: chooseThreshold({ scored, rule, targetSensitivity }),
    thresholdFrom: describeThreshold('CHOSEN', rule),
  };
}

type SideWork = {
  models: readonly Model[];
  unit: SplittingUnit;
  plan: TablePlan;
  measure: (request: SideRequest) => PairSide;
};

function evaluateSide(rows: TableRows, { models, unit, plan, measure }: SideWork): SideEvaluation {
  const { draws, seed } = plan;
  const isKnown = hasUnits(unit);
  return {
    side: rows.side,
    rows: rows.labels.length,
    positives: countClasses(rows.labels).positives,
    patients: rows.keys.length,
    models: models.map(({ name, threshold, thresholdFrom }, at) => {
      const scored = scoreModel(rows, at);
      const scoring = { scored, threshold, draws, seed };
      const figures = addCalibrationLine(measure(scoring), fitCalibrationLine(scored));
      const sites = rows.sites.length > 0 ? evaluateSites(scoring, rows) : [];
      return {
        ...{ name, threshold, thresholdFrom },
        ...(isKnown ? figures : forgetPatients(figures)),
        sites: isKnown ? sites : sites.map(forgetPatients),
        patients: isKnown
          ? tabulatePatients(scoring).map((row) => ({ ...row, key: rows.keys[row.patient] ?? '' }))
          : [],
      };
    }),
  };
}

/** Without what is by patient, where patients are unknown. */
function forgetPatients<Figures extends { metrics: EvaluationMetrics }>(figures: Figures): Figures {
  const macro = mapMetrics(MACRO_METRICS, () => null);
  const macroPatients = mapMetrics(MACRO_METRICS, () => 0);
  return { ...figures, metrics: { ...figures.metrics, patients: 0, macro, macroPatients } };
}

function scoreModel({ labels, patients, scores }: TableRows, at: number): Scored {
  return { probabilities: scores[at] as Float64Array, labels, patients };
}

type PairWork = Omit<SideWork, 'unit'> & { table: ScoredTable; compared: TableRows };

function comparePairs({ table, compared, models, plan, measure }: PairWork) {
  if (models.length < 2) return { pairing: null, pairs: [] };
  if (plan.reference !== null && !models.some(({ name }) => name === plan.reference)) {
    throw new AppError('BAD_INPUT', `There are no scores '${plan.reference}' to compare the others with.`);
  }
  const validation = table.sides.find(({ side }) => side === 'VALIDATION');
  const chosen = choosePairs({
    runs: models.map((model, at) => ({
      ...{ ...model, id: model.name, at, isOpen: true },
      validationAuc: validation ? measureAuc(validation, { at, plan, model, measure }) : null,
    })),
    referenceId: plan.reference,
    words: { one: 'model', why: validation ? 'the best on VALIDATION' : 'the first of the table' },
  });
  const { unit } = table;
  const patients = compared.keys.length;
  const tested = chosen.pairs.slice(0, MAX_TESTED_PAIRS).map(({ a, b }) => {
    const statistics = comparePaired(
      {
        a: compared.scores[a.at] as Float64Array,
        b: compared.scores[b.at] as Float64Array,
        ...{ labels: compared.labels, patients: compared.patients },
        ...{ thresholdA: a.threshold, thresholdB: b.threshold, draws: plan.draws, seed: plan.seed },
      },
      measure,
    );
    const sides = { a: { name: a.name }, b: { name: b.name }, unit };
    const counts = { patients, patientsB: patients, sharedPatients: patients };
    const pair = describeTestedPair({ ...sides, counts }, { statistics, patientKeys: compared.keys });
    return hasUnits(unit) ? pair : dropMeans(pair);
  });
  const words = { of: compared.side === 'ALL' ? null : compared.side, one: 'row' };
  const pairs = judgePairs(tested).map((pair) => ({ ...pair, sentence: describePair(pair, words) }));
  return { pairing: chosen.sentence, pairs };
}

function measureAuc(
  rows: TableRows,
  { at, plan, model, measure }: { at: number; plan: TablePlan; model: Model } & Pick<SideWork, 'measure'>,
): number | null {
  const { draws, seed } = plan;
  return measure({ scored: scoreModel(rows, at), threshold: model.threshold, draws, seed }).metrics.auc;
}

/** A mean over patients is none where patients are unknown. */
function dropMeans<Pair extends TestedPair>(pair: Pair): Pair {
  return {
    ...pair,
    metrics: pair.metrics.filter(({ metric }) => !isMeanOverPatients(metric)),
    differing: [],
  };
}
