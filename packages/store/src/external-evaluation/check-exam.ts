/**
 * Whether a model may be put to the test on a dataset, or on some of its sites: by whom it has seen, by the size of the
 * patches, and by what each task of the dataset asks for. The page shows it before anything is asked for.
 */
import { AppError } from '@microtome/domain/app-error';
import { doubtSides, refuseSeen, refuseTask } from '@microtome/domain/external-evaluation/refuse-exam';
import type { Dataset, Prisma, Run, Task } from '../../generated/prisma/client.ts';
import { listSitesOfDatasets } from '../dataset/sites.ts';
import { findExternalModel } from '../model-check/model-checks.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';
import { listSharedPatients } from './shared-patients.ts';

export type ExamKey = {
  runId: string;
  datasetId: string;
  /** Empty for the whole dataset. */
  sites: readonly string[];
};

export type CheckedExam = {
  run: Run;
  dataset: Dataset;
  /** Sorted, each once. */
  sites: string[];
  /** The run's, which travels with the model; null before it has succeeded. */
  threshold: number | null;
  /** Patients, or what the unit of the dataset is. */
  patients: number;
  patches: number;
  /** Why no task of it will do; null where nothing speaks against the exam. */
  refusal: AppError | null;
  /** Every task of the dataset, with what speaks against it alone, or the sentence that a person has to confirm. */
  tasks: { task: Task; refusal: AppError | null; doubt: string | null }[];
};

const withClasses = { classes: { orderBy: { position: 'asc' } } } satisfies Prisma.DatasetInclude;

const withHome = {
  testOpening: { select: { id: true } },
  experiment: { include: { task: true, dataset: { include: withClasses } } },
} satisfies Prisma.RunInclude;

const withTasks = { ...withClasses, tasks: { orderBy: { position: 'asc' } } } satisfies Prisma.DatasetInclude;

type Home = OnSplit<Prisma.RunGetPayload<{ include: typeof withHome }>>;
type ExamDataset = Prisma.DatasetGetPayload<{ include: typeof withTasks }>;

/** @throws AppError NOT_FOUND for a run or dataset that is not there; BAD_INPUT for a site that the dataset lacks */
export async function checkExam(store: Store, key: ExamKey): Promise<CheckedExam> {
  const { prisma } = store.database;
  const found = await prisma.run.findUnique({ where: { id: key.runId }, include: withHome });
  if (!found) throw new AppError('NOT_FOUND', `There is no run '${key.runId}'.`);
  const run = requireSplit(found);
  const dataset = await prisma.dataset.findUnique({ where: { id: key.datasetId }, include: withTasks });
  if (!dataset) throw new AppError('NOT_FOUND', `There is no dataset ${key.datasetId}.`);
  const sites = await checkSites(store, { dataset, sites: key.sites });
  const counted = await countExam(store, { dataset, sites });
  const shared = await listSharedPatients(store, { run, datasetId: dataset.id, sites });
  const exam = { datasetName: dataset.name, sites };
  const seen = refuseSeen({
    ...exam,
    runName: run.name,
    unit: dataset.unit,
    isTestOpen: run.testOpening !== null,
    shared,
  });
  return {
    run,
    dataset,
    sites,
    threshold: run.threshold,
    patients: counted.patients,
    patches: counted.classCounts.reduce((sum, count) => sum + count, 0),
    refusal: (await refuseModel(store, run, dataset)) ?? seen,
    tasks: judgeTasks(run, dataset, { ...exam, classCounts: counted.classCounts }),
  };
}

async function refuseModel(
  store: Store,
  { id, name, status, origin, threshold, experiment }: Home,
  exam: ExamDataset,
): Promise<AppError | null> {
  if (status !== 'SUCCEEDED' || threshold === null) {
    return new AppError(
      'CONFLICT',
      `Run '${name}' is ${status}: a run that SUCCEEDED can be put to the test.`,
    );
  }
  if ((await store.database.prisma.deletion.count({ where: { subjectId: exam.id } })) > 0) {
    return new AppError('CONFLICT', `Dataset '${exam.name}' is being deleted.`);
  }
  if (origin === 'EXTERNAL') {
    const { refusal } = await findExternalModel(store, id);
    if (refusal) return refusal;
  }
  const { patchSizePx } = experiment.dataset;
  if (exam.patchSizePx === patchSizePx) return null;
  return new AppError(
    'BAD_INPUT',
    `The patches of '${exam.name}' have ${exam.patchSizePx} pixels a side, and the model takes ${patchSizePx}.`,
  );
}

function judgeTasks(
  { experiment: { task, dataset } }: Home,
  exam: ExamDataset,
  counted: { datasetName: string; sites: string[]; classCounts: number[] },
): CheckedExam['tasks'] {
  const home = { ...task, datasetName: dataset.name, classNames: dataset.classes.map(({ name }) => name) };
  const classNames = exam.classes.map(({ name }) => name);
  return exam.tasks.map((task) => {
    const asked = { ...task, ...counted, classNames };
    const refusal = refuseTask(home, asked);
    // Within one dataset a class is what it is, whatever it is called.
    const isHome = exam.id === dataset.id;
    return { task, refusal, doubt: refusal || isHome ? null : doubtSides(home, asked) };
  });
}

async function checkSites(
  store: Store,
  { dataset, sites }: { dataset: ExamDataset; sites: readonly string[] },
): Promise<string[]> {
  const asked = [...new Set(sites)].sort();
  if (asked.length === 0) return asked;
  const known = (await listSitesOfDatasets(store, [dataset.id])).map(({ site }) => site);
  const stranger = asked.find((site) => !known.includes(site));
  if (stranger === undefined) return asked;
  const names = known.map((site) => `'${site}'`).join(', ');
  throw new AppError(
    'BAD_INPUT',
    `Dataset '${dataset.name}' has no site '${stranger}': ${known.length > 0 ? `its sites are ${names}` : 'its source tells no site'}.`,
  );
}

/** Full-size patches of each class by position, and on how many patients they lie. */
async function countExam(
  { database: { prisma } }: Store,
  { dataset: { id, classes }, sites }: { dataset: ExamDataset; sites: string[] },
): Promise<{ patients: number; classCounts: number[] }> {
  const rows = await prisma.$queryRaw<{ class: number | null; patches: number; patients: number }[]>`
    select patch.class::int as class, count(*)::int as patches, count(distinct slide.patient_id)::int as patients
    from patch join slide on slide.id = patch.slide_id join dataset on dataset.id = patch.dataset_id
    where patch.dataset_id = ${id}::uuid and patch.index < dataset.patch_count
      and (cardinality(${sites}::text[]) = 0 or slide.site = any(${sites}::text[]))
    group by grouping sets ((patch.class), ())`;
  const ofClass = new Map(rows.map((row) => [row.class, row.patches]));
  return {
    patients: rows.find((row) => row.class === null)?.patients ?? 0,
    classCounts: classes.map(({ position }) => ofClass.get(position) ?? 0),
  };
}
