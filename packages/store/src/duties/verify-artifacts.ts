/** Checks every artifact that a row names against its hash, and lists what depends on damaged or missing ones. */
import { AppError } from '@microtome/domain/app-error';
import { nameExam } from '@microtome/domain/external-evaluation/exam';
import type { Store } from '../store.ts';

export type ArtifactFault = {
  hash: string;
  kind: 'damaged' | 'missing';
  /** What depends on it, each as a phrase that names the thing. */
  dependents: string[];
};

export type VerifyProgress = {
  artifactsDone: number;
  artifactsTotal: number;
  bytesDone: number;
  bytesTotal: number;
};

type VerifyResult = { artifacts: number; bytes: number; faults: ArtifactFault[] };

/**
 * One file after the other, in the order of their hashes. An artifact deleted meanwhile is not reported.
 * @throws the signal's reason when it is aborted
 */
export async function verifyArtifacts(
  { database, artifacts }: Pick<Store, 'database' | 'artifacts'>,
  options: { onProgress?(progress: VerifyProgress): void; signal?: AbortSignal } = {},
): Promise<VerifyResult> {
  const rows = await database.prisma.artifact.findMany({ orderBy: { hash: 'asc' } });
  const bytesTotal = rows.reduce((sum, row) => sum + Number(row.bytes), 0);
  const progress = { artifactsDone: 0, artifactsTotal: rows.length, bytesDone: 0, bytesTotal };
  const faults: ArtifactFault[] = [];
  for (const { hash, bytes } of rows) {
    options.signal?.throwIfAborted();
    const kind = await findFault(artifacts, hash);
    const isStillNamed = kind && (await database.prisma.artifact.count({ where: { hash } })) > 0;
    if (kind && isStillNamed) faults.push({ hash, kind, dependents: await listDependents(database, hash) });
    progress.artifactsDone += 1;
    progress.bytesDone += Number(bytes);
    options.onProgress?.({ ...progress });
  }
  return { artifacts: rows.length, bytes: bytesTotal, faults };
}

async function findFault(artifacts: Store['artifacts'], hash: string): Promise<ArtifactFault['kind'] | null> {
  try {
    await artifacts.verify(hash);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'DAMAGED') return 'damaged';
    if (error instanceof AppError && error.code === 'NOT_FOUND') return 'missing';
    throw error;
  }
}

/** Slide analyses, external evaluations, datasets (with how many runs read them), files of runs, and the model versions that those runs are. */
async function listDependents({ prisma }: Store['database'], hash: string): Promise<string[]> {
  const datasets = await prisma.dataset.findMany({
    where: { shards: { some: { artifactHash: hash } } },
    select: { id: true, name: true },
  });
  const runs = await prisma.run.groupBy({
    by: ['datasetId'],
    where: { datasetId: { in: datasets.map(({ id }) => id) } },
    _count: { _all: true },
  });
  const files = await prisma.runArtifact.findMany({
    where: { artifactHash: hash },
    select: {
      role: true,
      run: {
        select: {
          name: true,
          versionsOf: { select: { number: true, model: { select: { name: true } } } },
        },
      },
    },
    orderBy: [{ runId: 'asc' }, { role: 'asc' }],
  });
  const kept = await prisma.runFile.findMany({
    where: { artifactHash: hash },
    select: { path: true, run: { select: { name: true } } },
    orderBy: [{ runId: 'asc' }, { path: 'asc' }],
  });
  const exams = await prisma.externalEvaluation.findMany({
    where: { artifactHash: hash },
    select: { sites: true, run: { select: { name: true } }, dataset: { select: { name: true } } },
  });
  const analyses = await prisma.slideAnalysis.findMany({
    where: { artifactHash: hash },
    select: { name: true, version: { select: { number: true, model: { select: { name: true } } } } },
    orderBy: { createdAt: 'asc' },
  });
  return [
    ...analyses.map(
      ({ name, version }) => `what ${version.model.name}@${version.number} says of slide '${name}'`,
    ),
    ...exams.map(
      ({ run, dataset, sites }) =>
        `predictions of run '${run.name}' on ${nameExam({ datasetName: dataset.name, sites })}`,
    ),
    ...datasets.map(({ id, name }) => {
      const count = runs.find(({ datasetId }) => datasetId === id)?._count._all ?? 0;
      return `the pixels of dataset '${name}' (${count} runs)`;
    }),
    ...files.map(({ role, run }) => {
      const versions = run.versionsOf.map(({ number, model }) => `${model.name}@${number}`);
      const registered = versions.length > 0 ? ` (model ${versions.join(', ')})` : '';
      return `${role} of run '${run.name}'${registered}`;
    }),
    ...kept.map(({ path, run }) => `file '${path}' of run '${run.name}'`),
  ];
}
