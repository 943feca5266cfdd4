/**
 * The batch loaders of one request: what a list shows next to each row and Prisma's relations cannot give. Each costs a
 * fixed number of statements, usually one, however long the list is.
 */

import { printRunField } from '@microtome/domain/run-query/print-query';
import type { RunField } from '@microtome/domain/run-query/run-field';
import type { SubjectNoun } from '@microtome/store/access/subject-projects';
import { listDatasetPatients } from '@microtome/store/dataset/patients';
import { countRefusals } from '@microtome/store/dataset/refusals';
import { listSitesOfDatasets } from '@microtome/store/dataset/sites';
import { listSlidesOfPatientKeys, listSlidesOfPatients } from '@microtome/store/dataset/slides';
import { listDeletionsOf } from '@microtome/store/deletion/deletions';
import { countNotLearned } from '@microtome/store/evaluation/learned-runs';
import { findBestRuns } from '@microtome/store/experiment/best-runs';
import { countRunsByStatus, countUnsafeRuns } from '@microtome/store/experiment/experiment-runs';
import type { Run, SlideAnalysis } from '@microtome/store/generated/prisma/client';
import { listAliasesOfVersions, listChampions } from '@microtome/store/model/model-aliases';
import { listModelVersions } from '@microtome/store/model/models';
import {
  listEpochMetrics,
  listLatestMetrics,
  listSeries,
  listSeriesHeads,
  type SeriesHead,
  type SeriesRequest,
} from '@microtome/store/run/metric-series';
import { type EventRange, listEventsOfRanges } from '@microtome/store/run/run-events';
import { listRunSettings } from '@microtome/store/run/run-settings';
import { explainWaits } from '@microtome/store/run/run-waits';
import { listRuns, listUnitsOfRuns } from '@microtome/store/run/runs';
import { listRunFigures, listRunValues, nameFigure } from '@microtome/store/run-query/run-figures';
import { listRunSeries, type SeriesPoint } from '@microtome/store/run-query/run-series';
import { explainAnalysisWaits } from '@microtome/store/slide-analysis/analysis-waits';
import { listSidesOfPatients } from '@microtome/store/split/split-patients';
import type { Store } from '@microtome/store/store';
import { listSettledSweeps } from '@microtome/store/sweep/sweep-rungs';
import { listTasksOfDatasets } from '@microtome/store/task/tasks';
import type { ApiServices } from '../services.ts';
import { listRunSlides } from '../tissue/run-slides.ts';
import { type BatchLoaders, createBatchLoaders } from './batch-loader.ts';

export type Loaders = ReturnType<typeof createLoaders>;

export function createLoaders(services: ApiServices, signal: AbortSignal) {
  const load = createBatchLoaders(signal);
  const { store } = services;
  return {
    ...createPatientLoaders(store, load),
    ...createRunLoaders(services, load),
    ...createMetricLoaders(store, load),
    ...createExperimentLoaders(store, load),
    ...createModelLoaders(store, load),
    ...createAccessLoaders(services, load),
  };
}

type SubjectKey = { noun: SubjectNoun; id: string };

function createAccessLoaders({ projects }: ApiServices, load: BatchLoaders) {
  const nameSubject = ({ noun, id }: SubjectKey) => `${noun} ${id}`;
  return {
    projectsOf: load(async (keys: SubjectKey[]) => {
      const found = new Map<string, readonly string[]>();
      for (const [noun, ofNoun] of Map.groupBy(keys, ({ noun }) => noun)) {
        const ids = ofNoun.map(({ id }) => id);
        for (const [id, projectIds] of await projects.find(noun, ids)) found.set(`${noun} ${id}`, projectIds);
      }
      return found;
    }, nameSubject),
  };
}

type PatientKey = { datasetId: string; patientId: string };

function createPatientLoaders(store: Store, load: BatchLoaders) {
  const namePatient = (key: PatientKey) => `${key.datasetId} ${key.patientId}`;
  return {
    sitesOfDataset: load(async (ids: string[]) =>
      Map.groupBy(await listSitesOfDatasets(store, ids), ({ datasetId }) => datasetId),
    ),
    tasksOfDataset: load((ids: string[]) => listTasksOfDatasets(store, ids)),
    patient: load(async (keys: PatientKey[]) => {
      const patients = await listDatasetPatients(store, keys);
      return new Map(patients.map((patient) => [namePatient(patient), patient]));
    }, namePatient),
    slidesOfPatient: load(
      async (keys: PatientKey[]) => Map.groupBy(await listSlidesOfPatients(store, keys), namePatient),
      namePatient,
    ),
    slidesOfPatientKey: load(
      async (keys: { datasetId: string; patientKey: string }[]) => {
        const slides = await listSlidesOfPatientKeys(store, keys);
        return Map.groupBy(slides, ({ datasetId, patient }) => `${datasetId} ${patient.key}`);
      },
      ({ datasetId, patientKey }) => `${datasetId} ${patientKey}`,
    ),
    patientSubset: load(
      // A person may stand in datasets of several projects: only splits of the dataset that is shown tell their side.
      async (keys: { splitId: string; patientId: string; datasetId: string }[]) => {
        const sides = await listSidesOfPatients(store, keys);
        return new Map(
          sides.map(({ splitId, patientId, datasetId, subset }) => [
            `${splitId} ${patientId} ${datasetId}`,
            subset,
          ]),
        );
      },
      ({ splitId, patientId, datasetId }) => `${splitId} ${patientId} ${datasetId}`,
    ),
    deletionOf: load(async (subjectIds: string[]) => {
      const deletions = await listDeletionsOf(store, subjectIds);
      return new Map(deletions.map((deletion) => [deletion.subjectId, deletion]));
    }),
    refusalCounts: load(async (datasetIds: string[]) =>
      Map.groupBy(await countRefusals(store, datasetIds), ({ datasetId }) => datasetId),
    ),
  };
}

function createRunLoaders(services: ApiServices, load: BatchLoaders) {
  const { store } = services;
  const nameRange = ({ runId, afterSeq, limit }: EventRange) => `${runId} ${afterSeq} ${limit}`;
  return {
    run: load(async (runIds: string[]) => {
      const runs = await listRuns(store, runIds);
      return new Map(runs.map((run) => [run.id, run]));
    }),
    eventsOfRun: load(async (ranges: EventRange[]) => {
      const events = Map.groupBy(await listEventsOfRanges(store, ranges), ({ runId }) => runId);
      const pick = ({ runId, afterSeq, limit }: EventRange) =>
        events.get(runId)?.filter(({ seq }) => seq > afterSeq && seq <= afterSeq + limit) ?? [];
      return new Map(ranges.map((range) => [nameRange(range), pick(range)]));
    }, nameRange),
    unitOfRun: load((runIds: string[]) => listUnitsOfRuns(store, runIds)),
    slidesOfRun: load(
      (runs: Run[]) => listRunSlides(services, runs),
      ({ id }) => id,
    ),
    waitOfRun: load(
      (runs: Run[]) => explainWaits(store, runs),
      ({ id }) => id,
    ),
    waitOfAnalysis: load(
      (analyses: SlideAnalysis[]) => explainAnalysisWaits(store, analyses),
      ({ id }) => id,
    ),
    settingOfRun: load(async (runIds: string[]) => {
      const settings = await listRunSettings(store, runIds);
      return new Map(settings.map((setting) => [setting.runId, setting]));
    }),
  };
}

type FigureKey = { runId: string; field: RunField };

/** Each run and each field once. */
function namesApart(keys: readonly FigureKey[]) {
  const asked = new Set(keys.map(({ field }) => field));
  const fields = new Map([...asked].map((field) => [printRunField(field), field]));
  return { runIds: [...new Set(keys.map(({ runId }) => runId))], fields: [...fields.values()] };
}

type HeadKey = Pick<SeriesHead, 'runId' | 'name' | 'owner'>;
type ThinKey = HeadKey & { count: number };

const nameHead = ({ runId, name, owner }: HeadKey) => JSON.stringify([runId, name, owner]);
const nameThin = ({ runId, name, owner, count }: ThinKey) => JSON.stringify([runId, name, owner, count]);

function createMetricLoaders(store: Store, load: BatchLoaders) {
  const nameSeries = ({ runId, names }: SeriesRequest) => JSON.stringify([runId, names]);
  return {
    figureOfRun: load((keys: FigureKey[]) => listRunFigures(store, namesApart(keys)), nameFigure),
    valueOfRun: load((keys: FigureKey[]) => listRunValues(store, namesApart(keys)), nameFigure),
    latestMetric: load(
      async (keys: { runId: string; name: string }[]) => {
        const rows = await listLatestMetrics(store, {
          runIds: keys.map(({ runId }) => runId),
          names: [...new Set(keys.map(({ name }) => name))],
        });
        return new Map(rows.map(({ runId, name, value }) => [`${runId} ${name}`, value]));
      },
      ({ runId, name }) => `${runId} ${name}`,
    ),
    numbersOfSeries: load(async (heads: SeriesHead[]) => {
      const runIds = [...new Set(heads.map(({ runId }) => runId))];
      const names = [...new Set(heads.map(({ name }) => name))];
      return Map.groupBy(await listSeries(store, { runIds, names }), nameHead);
    }, nameHead),
    seriesOfRun: load(async (requests: SeriesRequest[]) => {
      const heads = Map.groupBy(await listSeriesHeads(store, requests), ({ runId }) => runId);
      const pick = ({ runId, names }: SeriesRequest) =>
        heads.get(runId)?.filter(({ name }) => names?.includes(name) ?? true) ?? [];
      return new Map(requests.map((request) => [nameSeries(request), pick(request)]));
    }, nameSeries),
    thinSeries: load(async (keys: ThinKey[]) => {
      const found = new Map<string, SeriesPoint[]>();
      for (const [points, alike] of Map.groupBy(keys, ({ count }) => count)) {
        const runIds = [...new Set(alike.map(({ runId }) => runId))];
        const names = [...new Set(alike.map(({ name }) => name))];
        const request = { runIds, names, fromEpoch: 0, fromStep: 0, points };
        for (const { points: kept, ...series } of await listRunSeries(store, request))
          found.set(nameThin({ ...series, count: points }), kept);
      }
      return found;
    }, nameThin),
    metricsOfEpoch: load(
      async (epochs: { runId: string; epoch: number }[]) => {
        const metrics = await listEpochMetrics(store, epochs);
        return Map.groupBy(metrics, ({ runId, epoch }) => `${runId} ${epoch}`);
      },
      ({ runId, epoch }) => `${runId} ${epoch}`,
    ),
  };
}

function createExperimentLoaders(store: Store, load: BatchLoaders) {
  return {
    unsafeRunCount: load(async (experimentIds: string[]) => {
      const counts = await countUnsafeRuns(store, experimentIds);
      return new Map(counts.map(({ experimentId, count }) => [experimentId, count]));
    }),
    bestRunId: load((experimentIds: string[]) => findBestRuns(store, experimentIds)),
    notLearnedRunCount: load((experimentIds: string[]) => countNotLearned(store, experimentIds)),
    runCounts: load(async (experimentIds: string[]) =>
      Map.groupBy(await countRunsByStatus(store, experimentIds), ({ experimentId }) => experimentId),
    ),
    sweepSettled: load(async (sweepIds: string[]) => {
      const settled = new Set(await listSettledSweeps(store, sweepIds));
      return new Map(sweepIds.map((sweepId) => [sweepId, settled.has(sweepId)]));
    }),
  };
}

function createModelLoaders(store: Store, load: BatchLoaders) {
  return {
    modelVersion: load(async (versionIds: string[]) => {
      const versions = await listModelVersions(store, versionIds);
      return new Map(versions.map((version) => [version.id, version]));
    }),
    aliasesOfVersion: load(async (versionIds: string[]) =>
      Map.groupBy(await listAliasesOfVersions(store, versionIds), ({ versionId }) => versionId),
    ),
    championOfModel: load(async (modelIds: string[]) => {
      const champions = await listChampions(store, modelIds);
      return new Map(champions.map((champion) => [champion.modelId, champion]));
    }),
  };
}
