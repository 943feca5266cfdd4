/**
 * The batch loaders of one request: what a list shows beside each row and Prisma's relations cannot say. Each is one
 * statement for a whole list.
 */
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { listLatestMetrics } from '@microtome/store/run/latest-metrics';
import { listRunSettings, type RunSetting } from '@microtome/store/run/run-settings';
import type { Store } from '@microtome/store/store';
import { type BatchLoader, createBatchLoader } from './batch-loader.ts';

type SlideRow = Prisma.SlideGetPayload<object>;
type PatientRow = Prisma.DatasetPatientGetPayload<object>;
type RunRow = Prisma.RunGetPayload<object>;
type MetricRow = Prisma.MetricGetPayload<object>;
type ModelVersionRow = Prisma.ModelVersionGetPayload<object>;

/** As isUnsafeSplit has it, for the database. */
const UNSAFE_SPLIT: Prisma.SplitWhereInput = {
  OR: [{ kind: 'PATCH' }, { audit: { path: ['passed'], equals: false } }],
};

export type PatientKey = { datasetId: string; patientId: string };

export type Loaders = {
  slidesOfPatient: BatchLoader<PatientKey, SlideRow[]>;
  slidesOfPatientKey: BatchLoader<{ datasetId: string; patientKey: string }, SlideRow[]>;
  patient: BatchLoader<PatientKey, PatientRow>;
  patientSubset: BatchLoader<{ splitId: string; patientId: string }, string>;
  run: BatchLoader<string, RunRow>;
  settingOfRun: BatchLoader<string, RunSetting>;
  latestMetric: BatchLoader<{ runId: string; name: string }, number>;
  metricsOfRun: BatchLoader<{ runId: string; names: readonly string[] | null }, MetricRow[]>;
  metricsOfEpoch: BatchLoader<{ runId: string; epoch: number }, MetricRow[]>;
  modelVersion: BatchLoader<string, ModelVersionRow>;
  aliasesOfVersion: BatchLoader<string, string[]>;
  championOfModel: BatchLoader<string, ModelVersionRow>;
  refusalCounts: BatchLoader<string, { code: string; sentence: string; count: number }[]>;
  runCounts: BatchLoader<string, { status: string; count: number }[]>;
  unsafeRunCount: BatchLoader<string, number>;
};

export function createLoaders(store: Store): Loaders {
  return {
    ...createPatientLoaders(store),
    ...createRunLoaders(store),
    ...createExperimentLoaders(store),
    ...createModelLoaders(store),
  };
}

function createPatientLoaders({ database: { prisma } }: Store) {
  const identifyPatient = (key: PatientKey) => `${key.datasetId} ${key.patientId}`;
  const anyPatient = (keys: PatientKey[]) => ({
    datasetId: { in: unique(keys.map((key) => key.datasetId)) },
    patientId: { in: unique(keys.map((key) => key.patientId)) },
  });
  return {
    slidesOfPatient: createBatchLoader(async (keys: PatientKey[]) => {
      const slides = await prisma.slide.findMany({ where: anyPatient(keys), orderBy: { key: 'asc' } });
      return groupBy(slides, identifyPatient);
    }, identifyPatient),
    slidesOfPatientKey: createBatchLoader(
      async (keys: { datasetId: string; patientKey: string }[]) => {
        const slides = await prisma.slide.findMany({
          where: {
            datasetId: { in: unique(keys.map((key) => key.datasetId)) },
            patient: { key: { in: unique(keys.map((key) => key.patientKey)) } },
          },
          include: { patient: { select: { key: true } } },
          orderBy: { key: 'asc' },
        });
        return groupBy(slides, ({ datasetId, patient }) => `${datasetId} ${patient.key}`);
      },
      (key) => `${key.datasetId} ${key.patientKey}`,
    ),
    patient: createBatchLoader(async (keys: PatientKey[]) => {
      const patients = await prisma.datasetPatient.findMany({ where: anyPatient(keys) });
      return new Map(patients.map((patient) => [identifyPatient(patient), patient]));
    }, identifyPatient),
    patientSubset: createBatchLoader(
      async (keys: { splitId: string; patientId: string }[]) => {
        const rows = await prisma.splitPatient.findMany({
          where: {
            splitId: { in: unique(keys.map((key) => key.splitId)) },
            patientId: { in: unique(keys.map((key) => key.patientId)) },
          },
        });
        return new Map(rows.map((row) => [`${row.splitId} ${row.patientId}`, row.subset]));
      },
      (key) => `${key.splitId} ${key.patientId}`,
    ),
    refusalCounts: createBatchLoader(async (datasetIds: string[]) => {
      const groups = await prisma.refusedFile.groupBy({
        by: ['datasetId', 'code'],
        where: { datasetId: { in: datasetIds } },
        _count: { _all: true },
        _min: { reason: true },
        orderBy: { _count: { code: 'desc' } },
      });
      const counts = groups.map(({ datasetId, code, _count, _min }) => ({
        datasetId,
        code,
        sentence: _min.reason ?? code,
        count: _count._all,
      }));
      return groupBy(counts, ({ datasetId }) => datasetId);
    }),
  };
}

function createRunLoaders(store: Store) {
  const { prisma } = store.database;
  return {
    run: createBatchLoader(async (runIds: string[]) => {
      const runs = await prisma.run.findMany({ where: { id: { in: runIds } } });
      return new Map(runs.map((run) => [run.id, run]));
    }),
    settingOfRun: createBatchLoader(async (runIds: string[]) => {
      const settings = await listRunSettings(store, runIds);
      return new Map(settings.map((setting) => [setting.runId, setting]));
    }),
    latestMetric: createBatchLoader(
      async (keys: { runId: string; name: string }[]) => {
        const rows = await listLatestMetrics(store, {
          runIds: unique(keys.map((key) => key.runId)),
          names: unique(keys.map((key) => key.name)),
        });
        return new Map(rows.map((row) => [`${row.runId} ${row.name}`, row.value]));
      },
      (key) => `${key.runId} ${key.name}`,
    ),
    metricsOfRun: createBatchLoader(async (keys: { runId: string; names: readonly string[] | null }[]) => {
      const alternatives = keys.map(({ runId, names }) => ({
        runId,
        ...(names ? { name: { in: [...names] } } : {}),
      }));
      const rows = await prisma.metric.findMany({
        where: { OR: alternatives },
        orderBy: [{ runId: 'asc' }, { name: 'asc' }, { epoch: 'asc' }],
      });
      return new Map(
        keys.map((key) => [
          identifyMetrics(key),
          rows.filter(({ runId, name }) => runId === key.runId && (key.names?.includes(name) ?? true)),
        ]),
      );
    }, identifyMetrics),
    metricsOfEpoch: createBatchLoader(
      async (keys: { runId: string; epoch: number }[]) => {
        const rows = await prisma.metric.findMany({ where: { OR: keys }, orderBy: { name: 'asc' } });
        return groupBy(rows, ({ runId, epoch }) => `${runId} ${epoch}`);
      },
      (key) => `${key.runId} ${key.epoch}`,
    ),
  };
}

function createExperimentLoaders({ database: { prisma } }: Store) {
  return {
    unsafeRunCount: createBatchLoader(async (experimentIds: string[]) => {
      const groups = await prisma.run.groupBy({
        by: ['experimentId'],
        where: { experimentId: { in: experimentIds }, split: UNSAFE_SPLIT },
        _count: { _all: true },
      });
      return new Map(groups.map(({ experimentId, _count }) => [experimentId, _count._all]));
    }),
    runCounts: createBatchLoader(async (experimentIds: string[]) => {
      const groups = await prisma.run.groupBy({
        by: ['experimentId', 'status'],
        where: { experimentId: { in: experimentIds } },
        _count: { _all: true },
      });
      const counts = groups.map(({ experimentId, status, _count }) => ({
        experimentId,
        status,
        count: _count._all,
      }));
      return groupBy(counts, ({ experimentId }) => experimentId);
    }),
  };
}

function createModelLoaders({ database: { prisma } }: Store) {
  return {
    modelVersion: createBatchLoader(async (versionIds: string[]) => {
      const versions = await prisma.modelVersion.findMany({ where: { id: { in: versionIds } } });
      return new Map(versions.map((version) => [version.id, version]));
    }),
    aliasesOfVersion: createBatchLoader(async (versionIds: string[]) => {
      const aliases = await prisma.alias.findMany({
        where: { promotion: { versionId: { in: versionIds } } },
        select: { name: true, promotion: { select: { versionId: true } } },
        orderBy: { name: 'asc' },
      });
      const grouped = groupBy(aliases, ({ promotion }) => promotion.versionId);
      return new Map([...grouped].map(([versionId, group]) => [versionId, group.map(({ name }) => name)]));
    }),
    championOfModel: createBatchLoader(async (modelIds: string[]) => {
      const aliases = await prisma.alias.findMany({
        where: { modelId: { in: modelIds }, name: 'champion' },
        select: { modelId: true, promotion: { select: { version: true } } },
      });
      return new Map(aliases.map(({ modelId, promotion }) => [modelId, promotion.version]));
    }),
  };
}

function identifyMetrics(key: { runId: string; names: readonly string[] | null }): string {
  return JSON.stringify([key.runId, key.names]);
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

function groupBy<Row>(rows: Row[], identify: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(identify(row));
    if (group) group.push(row);
    else groups.set(identify(row), [row]);
  }
  return groups;
}
