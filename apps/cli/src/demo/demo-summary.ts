/** The result of a demo as JSON for other programs, in the shape that the README documents. */
import { rename, writeFile } from 'node:fs/promises';
import type {
  DemoComparisonFragment,
  DemoPromotionFragment,
  DemoRunFragment,
  DemoSplitFragment,
  Subset,
} from '../../generated/graphql.ts';
import { readObject } from '../graphql/json-fields.ts';
import { type DemoDataset, listWarnings } from './demo-report.ts';

type DemoResult = {
  dataset: DemoDataset;
  split: DemoSplitFragment;
  runs: DemoRunFragment[];
  baseline: DemoRunFragment | null;
  comparison: DemoComparisonFragment;
  promotion: DemoPromotionFragment;
  seconds: number;
};

/** Writes the summary under a temporary name first: a reader sees a whole file or none. */
export async function writeSummary(file: string, result: DemoResult): Promise<void> {
  await writeFile(`${file}.tmp`, `${JSON.stringify(buildSummary(result), null, 2)}\n`);
  await rename(`${file}.tmp`, file);
}

function buildSummary({ dataset, split, runs, baseline, comparison, promotion, seconds }: DemoResult) {
  const patients = (subset: string) => split.subsets.find((row) => row.subset === subset)?.patients ?? 0;
  return {
    dataset: {
      name: dataset.name,
      unit: dataset.unit.kind,
      patients: dataset.patientCount,
      patches: dataset.patchCount,
      skipped: dataset.stripCount + dataset.refusedCount,
    },
    task: { name: dataset.task.name, positive: dataset.task.positiveName },
    split: {
      id: split.id,
      strategy: split.strategy,
      seed: split.seed,
      digest: split.digest,
      patients: { train: patients('TRAIN'), validation: patients('VALIDATION'), test: patients('TEST') },
    },
    runs: runs.map(describeRun),
    baseline: baseline && describeRun(baseline),
    comparison,
    promotion: {
      version: promotion.promotion.version.number,
      alias: promotion.promotion.alias,
      allowed: promotion.allowed,
      reasons: promotion.reasons,
      warnings: listWarnings(promotion),
    },
    seconds,
  };
}

function describeRun(run: DemoRunFragment) {
  return {
    id: run.id,
    architecture: run.architecture,
    status: run.status,
    backend: run.backend,
    device: run.device,
    parameters: run.parameters,
    epochs: run.epochsDone,
    trainPatchesPerSecond: run.trainPatchesPerSecond,
    learning: run.learning && { state: run.learning.state, reason: run.learning.reason },
    validation: flattenEvaluation(run, 'VALIDATION'),
    test: flattenEvaluation(run, 'TEST'),
  };
}

function flattenEvaluation(run: DemoRunFragment, subset: Subset) {
  const evaluation = run.evaluations.find((row) => row.subset === subset);
  if (!evaluation) return null;
  return {
    ...readObject(evaluation.metrics),
    threshold: evaluation.threshold,
    confusion: evaluation.confusion,
    ci: evaluation.intervals,
  };
}
