/**
 * The whole way from a source to the plan of its import, as the options say: read, completed by what was told by hand, and
 * planned. An import goes on from here; a look at it beforehand ends here, so that both say the same.
 */

import { type ProposedTask, proposeTask } from '@microtome/domain/task/propose-task';
import { isUnlabelled } from '@microtome/domain/task/task';
import { getSlidePreset } from '@microtome/domain/tiling/slide-presets';
import { findSplittingUnit, type SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { nameUnit } from '@microtome/domain/unit/unit-words';
import { atField } from '../at-field.ts';
import { type CompleteFacts, completeFacts } from '../facts/complete-facts.ts';
import type { ManifestHead } from '../facts/read-manifest.ts';
import { findLayout, readSource, type SourceReading } from '../facts/read-source.ts';
import { type ImportOptions, nameSource } from '../import-options.ts';
import type { Refuse } from '../refusal.ts';
import type { PatchSource, SourceFile } from '../source/patch-source.ts';
import { cutSlides } from '../tiling/cut-slides.ts';
import { tellSlides } from '../tiling/told-slides.ts';
import type { TilingOptions } from '../tiling-options.ts';
import { planSource } from './plan-source.ts';
import type { ImportPlan } from './planned-patch.ts';

type PlanRequest = {
  source: PatchSource;
  /** All of the source. */
  files: readonly SourceFile[];
  options: ImportOptions;
  refuse: Refuse;
  signal: AbortSignal;
  /** Told what the manifest looks like, before its rows are joined to files. */
  onHead?: ((head: ManifestHead) => void) | undefined;
  /** Where packed containers are unpacked; left out: in the folder that the system has for such. */
  scratch?: string | null | undefined;
};

export type ReadPlan = {
  /** As the source tells it; to be closed when the patches are no longer read. */
  reading: SourceReading;
  complete: CompleteFacts;
  plan: Omit<ImportPlan, 'task'>;
  /** The task that the dataset gets; null where its patches are all of one class. */
  task: ProposedTask | null;
  /** What makes another dataset of the same files and facts: a smaller unit than they would allow; null as a rule. */
  unitRule: string | null;
};

/** @throws AppError with a sentence, and in its details the field that it is about, for what ends an import */
export async function readPlan(request: PlanRequest): Promise<ReadPlan> {
  const { files, options, refuse } = request;
  if (options.tiling) return planSlides(request, options.tiling);
  const layout = findLayout(files, options);
  const reading = await readSource({ ...request, layout, choices: options });
  try {
    const hasPatientColumn = reading.manifest?.map.patient !== undefined;
    const complete = completeFacts({ told: reading.told, hasPatientColumn }, options, refuse);
    return planComplete({ reading, complete, keysOf: reading.layout?.keysOf ?? null }, request);
  } catch (error) {
    await reading.close();
    throw error;
  }
}

/** What is told of the slides is told of their patches. */
async function planSlides(request: PlanRequest, tiling: TilingOptions): Promise<ReadPlan> {
  const { options, refuse } = request;
  const reading = await tellSlides({ ...request, tiling });
  const hasPatientColumn = reading.manifest?.map.patient !== undefined;
  const ofSlides = { ...options, micronsPerPixel: null };
  const complete = completeFacts({ told: reading.told, hasPatientColumn }, ofSlides, refuse);
  const { micronsPerPixel, unlabelled } = options;
  const wanted = { ...request, slides: complete.told, options: tiling, micronsPerPixel, unlabelled };
  const { told, close } = await cutSlides(wanted);
  try {
    const cut = { reading: { ...reading, close }, complete: { ...complete, told } };
    return planComplete({ ...cut, keysOf: tiling.preset && getSlidePreset(tiling.preset).keysOf }, request);
  } catch (error) {
    await close();
    throw error;
  }
}

type Completed = Pick<ReadPlan, 'reading' | 'complete'> & {
  /** Of the layout or preset, where there is one. */
  keysOf: string | null;
};

function planComplete(
  { reading, complete, keysOf: known }: Completed,
  { options, refuse }: PlanRequest,
): ReadPlan {
  const { unit, unlabelled, positive } = options;
  const keysOf = nameKeys(options, { known, complete });
  const { task: meant, ...plan } = planSource(
    { told: complete.told, layout: reading.layout, keysOf, unit, unlabelled },
    refuse,
  );
  const names = plan.classes.map(({ name }) => name);
  const task = isUnlabelled(names)
    ? null
    : atField('positive', () => proposeTask(names, positive ? { positive } : meant));
  return { reading, complete, plan, task, unitRule: describeUnit(unit, complete) };
}

function describeUnit(wanted: SplittingUnit | null, { told }: CompleteFacts): string | null {
  if (wanted === null || wanted === findSplittingUnit(told.map(({ facts }) => facts))) return null;
  return `split ${nameUnit(wanted).by}`;
}

/**
 * Keys in a manifest, or as an expression reads them, are whatever a group calls its patients, so they are that group's
 * alone: patient 1 of two groups is not one person.
 */
export function nameKeys(
  { patientsOf, path }: ImportOptions,
  { known, complete: { rule } }: { known: string | null; complete: CompleteFacts },
): string {
  if (patientsOf !== null) return patientsOf;
  if (rule) return rule.keysOf ?? nameSource(path);
  return known ?? nameSource(path);
}
