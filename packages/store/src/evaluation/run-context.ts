/**
 * The step with which a run reads patches together with their neighbours. A worker stores it as the run finishes; where it did
 * not, it is chosen from the stored predictions of VALIDATION when it is first asked for. Once stored it never changes.
 */
import { type ContextStep, chooseContext, type PlacedScores } from '@microtome/domain/context/context-step';
import type { PatchPlaces } from '@microtome/domain/context/neighbourhood';
import { readThresholdChoice } from '@microtome/domain/run/run-hyperparameters';
import type { RunContext } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import type { SubsetPatches } from '../split/subset-patches.ts';
import type { Store } from '../store.ts';
import {
  getPredictedRun,
  type PredictionSource,
  readFromStore,
  scorePredictions,
} from './scored-predictions.ts';

/** What a step is chosen from. */
export type ContextChoice = { validation: PlacedScores; options: Parameters<typeof chooseContext>[1] };

type StepRequest = {
  runId: string;
  /** Where predictions are read from; from the store when left out. */
  source?: PredictionSource;
  /** Computes off the caller's thread; in place when left out. */
  choose?: (choice: ContextChoice) => ContextStep | null | Promise<ContextStep | null>;
};

/**
 * Null where there was nothing to say on VALIDATION.
 * @throws AppError NOT_FOUND for a run without predictions
 */
export async function requireContextStep(store: Store, request: StepRequest): Promise<ContextStep | null> {
  const { runId, source = readFromStore(store), choose = chooseInPlace } = request;
  const { prisma } = store.database;
  const stored = await prisma.runContext.findUnique({ where: { runId } });
  if (stored) return readStep(stored);
  const run = await getPredictedRun(store, { runId, subset: 'VALIDATION' });
  const [{ scored, patches }, { patchSizePx }, { threshold: ownThreshold }] = await Promise.all([
    scorePredictions(store, { run, subset: 'VALIDATION', source }),
    getDataset(store, run.datasetId),
    prisma.evaluation.findUniqueOrThrow({ where: { runId_subset: { runId, subset: 'VALIDATION' } } }),
  ]);
  const validation = { scored, places: placePatches(patches, patchSizePx) };
  const step = await choose({ validation, options: { ownThreshold, ...readThresholdChoice(run) } });
  // Another process may have been faster: what it stored holds.
  await prisma.runContext.createMany({ data: [{ runId, ...step }], skipDuplicates: true });
  return readStep(await prisma.runContext.findUniqueOrThrow({ where: { runId } }));
}

/** Where patches lie, for the step. */
export function placePatches({ slides, x, y }: SubsetPatches, patchSizePx: number): PatchPlaces {
  return { slides, x, y, patchSizePx };
}

function chooseInPlace({ validation, options }: ContextChoice): ContextStep | null {
  return chooseContext(validation, options);
}

/** Its columns are all there, or none (CHECK). */
function readStep({ radius, weight, temperature, threshold }: RunContext): ContextStep | null {
  if (radius === null || weight === null || temperature === null || threshold === null) return null;
  return { radius, weight, temperature, threshold };
}
