/**
 * Which files of a source can be predicted, and what is told of them: by its manifest or layout as an import reads it,
 * except that a patch needs no class, and images that no layout knows are taken too. IDC's names are read in any folder.
 */
import { isImageName } from '@microtome/domain/source/file-path';
import { IDC, IDC_FLAT } from '@microtome/domain/source/layout/idc';
import type { Layout } from '@microtome/domain/source/layout/layout';
import { detectLayout } from '@microtome/domain/source/layout/layouts';
import { type ProposedTask, proposeTask } from '@microtome/domain/task/propose-task';
import { UNLABELLED } from '@microtome/domain/task/task';
import { completeFacts } from '../facts/complete-facts.ts';
import { findLayout, readSource, type SourceReading } from '../facts/read-source.ts';
import type { ToldPatch } from '../facts/told-patch.ts';
import type { ImportOptions } from '../import-options.ts';
import type { Refuse } from '../refusal.ts';
import type { PatchSource, SourceFile } from '../source/patch-source.ts';
import { planSource } from './plan-source.ts';
import type { ImportPlan } from './planned-patch.ts';
import { nameKeys } from './read-plan.ts';

type PredictionRequest = {
  source: PatchSource;
  /** All of the source. */
  files: readonly SourceFile[];
  options: ImportOptions;
  refuse: Refuse;
  signal: AbortSignal;
};

type PredictionPlan = Pick<ImportPlan, 'patches' | 'placesFrom' | 'source' | 'unit'> & {
  /** By position; null is that of the patches without one. */
  classNames: (string | null)[];
  /** What the source means by its classes; null where they do not tell. */
  proposed: ProposedTask | null;
  /** Images of which nothing is told, in the order of their paths. */
  unnamed: SourceFile[];
  /** Lets go of what the patches are read from. */
  close(): Promise<void>;
};

/** @throws AppError with a sentence for what is told of no patch at all */
export async function planPrediction(request: PredictionRequest): Promise<PredictionPlan> {
  const { options, refuse } = request;
  const { reading, unnamed } = await readTolerantly(request);
  try {
    const hasPatientColumn = reading.manifest?.map.patient !== undefined;
    const complete = completeFacts({ told: reading.told, hasPatientColumn }, options, refuse);
    const told = complete.told.filter((patch) => isToldOf(patch) || !unnamed.push(patch.file));
    const layout = reading.layout && addUnlabelled(reading.layout);
    const keysOf = nameKeys(options, { known: layout?.keysOf ?? null, complete });
    const { unit, unlabelled } = options;
    const plan = planSource({ told: told.map(classify), layout, keysOf, unit, unlabelled }, refuse);
    const { task, classes, ...rest } = plan;
    const classNames = classes.map(({ name }) => (name === UNLABELLED ? null : name));
    unnamed.sort((left, right) => (left.path < right.path ? -1 : 1));
    const named = classNames.filter((name) => name !== null);
    const proposed = task && task.positive.length < named.length ? proposeTask(named, task) : null;
    return { ...rest, classNames, proposed, unnamed, close: reading.close };
  } catch (error) {
    await reading.close();
    throw error;
  }
}

/** Where a layout was not asked for but detected, an image whose name is not of it is still an image. */
async function readTolerantly(
  request: PredictionRequest,
): Promise<{ reading: SourceReading; unnamed: SourceFile[] }> {
  const { files, options, refuse } = request;
  const isAsked = options.layout !== null || options.manifest !== null;
  if (isAsked) {
    const reading = await readSource({ ...request, layout: findLayout(files, options), choices: options });
    return { reading, unnamed: [] };
  }
  const found = detectLayout(files.map(({ path }) => path)) ?? IDC;
  const layout = found === IDC ? IDC_FLAT : found;
  // A zip may hold two files of one name.
  const byPath = Map.groupBy(files, ({ path }) => path);
  const unnamed: SourceFile[] = [];
  const keepImages: Refuse = (refusal) => {
    const file = refusal.code === 'NAME_UNPARSEABLE' ? byPath.get(refusal.path)?.shift() : undefined;
    if (file && isImageName(file.path)) unnamed.push(file);
    else refuse(refusal);
  };
  const reading = await readSource({ ...request, layout, choices: options, refuse: keepImages });
  return { reading, unnamed };
}

function isToldOf({ facts }: ToldPatch): boolean {
  const { patient, slide, site, group, className } = facts;
  return (
    [patient, slide, site, group].some((fact) => fact !== null) || (className ?? UNLABELLED) !== UNLABELLED
  );
}

/** A class that is not told is one of its own, so that it is not taken for another. */
function classify(patch: ToldPatch): ToldPatch {
  if (patch.facts.className !== null) return patch;
  return { file: patch.file, facts: { ...patch.facts, className: UNLABELLED } };
}

function addUnlabelled(layout: Layout): Layout {
  return { ...layout, classes: layout.classes && [...layout.classes, UNLABELLED] };
}
