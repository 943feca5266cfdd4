/** Finds the version that a reference (`NAME@champion`, `PROJECT/NAME@3`) means, and the patients it was trained on. */
import { AppError } from '@microtome/domain/app-error';
import { parseModelReference } from '@microtome/domain/promotion/model-reference';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import type { Dataset, Prisma, Run, Task } from '../../generated/prisma/client.ts';
import { chooseNamed, whereNamed } from '../access/named-in-project.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

export type ReferredVersion = {
  modelName: string;
  number: number;
  run: OnSplit<Run>;
  dataset: Dataset;
  /** Of that dataset, by position. */
  classNames: string[];
  /** Which of its classes are positive, and what they are called. */
  task: Task;
  /** Its split is by patch, or failed its leakage audit. */
  unsafe: boolean;
};

const withVersions = {
  aliases: { include: { promotion: true } },
  versions: true,
} satisfies Prisma.ModelInclude;
const withClasses = { classes: { orderBy: { position: 'asc' } } } satisfies Prisma.DatasetInclude;

/**
 * The version that [PROJECT/]NAME@ALIAS or @NUMBER points to, of any project; NAME alone means its champion.
 * @throws AppError NOT_FOUND that says what there is instead, BAD_INPUT when several projects have a model of that name
 */
export async function getReferredVersion(store: Store, reference: string): Promise<ReferredVersion> {
  const { name, project, pointer } = parseModelReference(reference);
  const { prisma } = store.database;
  const models = await prisma.model.findMany({
    where: whereNamed(name, { projectIds: null, project }),
    include: withVersions,
    take: 2,
  });
  const model = chooseNamed('model', name, models);
  if (!model) throw new AppError('NOT_FOUND', `There is no model '${name}'.${await describeModels(store)}`);
  const version = findPointed(model, pointer);
  if (!version) {
    const aliases = model.aliases.map((known) => known.name).join(', ') || 'none';
    const message = `Model '${name}' has no '${pointer}'. Aliases: ${aliases}; versions: ${model.versions.length}.`;
    throw new AppError('NOT_FOUND', message);
  }
  const found = await prisma.run.findUniqueOrThrow({
    where: { id: version.runId },
    include: { experiment: { include: { dataset: { include: withClasses }, task: true } }, split: true },
  });
  const { experiment, split, ...run } = requireSplit(found);
  return {
    modelName: name,
    number: version.number,
    run,
    dataset: experiment.dataset,
    classNames: experiment.dataset.classes.map((one) => one.name),
    task: experiment.task,
    unsafe: isUnsafeSplit(split),
  };
}

/**
 * The id of the version that such a reference points to, in the projects that are seen (null: all); null where there is none.
 * BAD_INPUT when several projects have a model of that name.
 */
export async function findReferredId(
  { database: { prisma } }: Store,
  reference: string,
  projectIds: readonly string[] | null,
): Promise<string | null> {
  const { name, project, pointer } = parseModelReference(reference);
  const models = await prisma.model.findMany({
    where: whereNamed(name, { projectIds, project }),
    include: withVersions,
    take: 2,
  });
  const model = chooseNamed('model', name, models);
  return (model && findPointed(model, pointer)?.id) ?? null;
}

function findPointed(
  { aliases, versions }: Prisma.ModelGetPayload<{ include: typeof withVersions }>,
  pointer: string,
) {
  const alias = aliases.find(({ name }) => name === pointer);
  return alias
    ? versions.find(({ id }) => id === alias.promotion.versionId)
    : versions.find(({ number }) => String(number) === pointer);
}

/** Keys of the patients on whose patches the run was trained; of an unsafe split every patient of its dataset. */
export async function listTrainedPatientKeys(store: Store, run: OnSplit<Run>): Promise<Set<string>> {
  const { prisma } = store.database;
  const where: Prisma.DatasetPatientWhereInput =
    run.splitKind === 'PATIENT'
      ? { datasetId: run.datasetId, assignments: { some: { splitId: run.splitId, subset: 'TRAIN' } } }
      : { datasetId: run.datasetId };
  const rows = await prisma.datasetPatient.findMany({
    where,
    select: { patient: { select: { key: true } } },
  });
  return new Set(rows.map(({ patient }) => patient.key));
}

async function describeModels(store: Store): Promise<string> {
  const models = await store.database.prisma.model.findMany({
    orderBy: { name: 'asc' },
    distinct: ['name'],
    take: 10,
  });
  if (models.length === 0) return ' No model is registered yet: promote one first.';
  return ` Models: ${models.map(({ name }) => name).join(', ')}.`;
}
