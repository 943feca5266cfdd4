/** Patients as they stand in one dataset, with their counts, and whose a slide is. */
import { invariant } from '@microtome/domain/app-error';
import { countSides } from '@microtome/domain/task/task';
import { escapeLike } from '@microtome/store/database/like-pattern';
import { builder } from '../../graphql/builder.ts';
import { chooseKeyed, DATASET_HELP, KEYED_ARGUMENTS, whereOnDataset } from '../../graphql/find-keyed.ts';
import type { Loaders } from '../../graphql/loaders.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SubsetEnum } from '../enums.ts';
import { findTask } from '../task/find-task.ts';
import { SlideRef } from './slide.ts';

const PatientRef = builder.prismaObject('DatasetPatient', {
  name: 'Patient',
  description: 'A person as far as the source tells, within one dataset: the unit of splitting.',
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of this person within this dataset.',
      resolve: ({ datasetId, patientId }) => `${datasetId}:${patientId}`,
    }),
    key: t.string({
      description: 'The key within the source, in the IDC layout the folder name.',
      select: { patient: { select: { key: true } } },
      resolve: ({ patient }) => patient.key,
    }),
    source: t.string({
      description: 'The namespace of the key.',
      select: { patient: { select: { source: true } } },
      resolve: ({ patient }) => patient.source,
    }),
    patchCount: t.exposeInt('patchCount', { description: 'Full-size patches in this dataset.' }),
    site: t.exposeString('site', {
      nullable: true,
      description: 'The site of all its slides; null where the source tells none, or several.',
    }),
    classCounts: t.exposeIntList('classCounts', {
      description: 'Those of each class, in the order of the classes of the dataset.',
    }),
    positiveCount: t.int({
      description: 'Those on the positive side of a task.',
      args: { taskId: t.arg.id({ description: 'The task; the first of the dataset when left out.' }) },
      resolve: async (patient, { taskId }, { loaders }) =>
        (await countPatientSides(loaders, patient, taskId)).positives,
    }),
    positiveShare: t.float({
      description: 'The share of the positive side among those on both sides of a task, 0..1.',
      args: { taskId: t.arg.id({ description: 'The task; the first of the dataset when left out.' }) },
      resolve: async (patient, { taskId }, { loaders }) => {
        const { positives, negatives } = await countPatientSides(loaders, patient, taskId);
        return positives + negatives === 0 ? 0 : positives / (positives + negatives);
      },
    }),
    stripCount: t.exposeInt('stripCount', { description: 'Edge strips in this dataset.' }),
    slides: t.field({
      type: [SlideRef],
      description: 'The slides of this patient in this dataset.',
      resolve: async ({ datasetId, patientId }, _args, { loaders }) =>
        (await loaders.slidesOfPatient.load({ datasetId, patientId })) ?? [],
    }),
    subset: t.field({
      type: SubsetEnum,
      nullable: true,
      description:
        'The side of this patient in a split of this dataset; null when left out, or when the split is by patch.',
      args: { splitId: t.arg.id({ required: true, description: 'Id of the split.' }) },
      resolve: async ({ patientId, datasetId }, { splitId }, { loaders }) =>
        (await loaders.patientSubset.load({
          splitId: parseRecordId(splitId, 'split'),
          patientId,
          datasetId,
        })) ?? null,
    }),
  }),
});

builder.prismaObjectField(SlideRef, 'patient', (t) =>
  t.field({
    type: PatientRef,
    description: 'Whose slide it is.',
    resolve: async ({ id, datasetId, patientId }, _args, { loaders }) => {
      const patient = await loaders.patient.load({ datasetId, patientId });
      invariant(patient, `slide ${id} has a patient`);
      return patient;
    },
  }),
);

export const PatientConnection = builder.connectionObject(
  { type: PatientRef, name: 'PatientConnection', description: 'A page of patients.' },
  { description: 'A patient and its place in the list.' },
);

builder.queryFields((t) => ({
  patient: t.prismaField({
    type: PatientRef,
    nullable: true,
    description:
      'One patient by key; null when there is none. One who is in several datasets is asked for with one of them.',
    args: {
      ...KEYED_ARGUMENTS,
      key: t.arg.string({ extensions: typed('search'), required: true, description: 'Their key.' }),
    },
    resolve: async (query, _root, { key, ...place }, { store, access }) => {
      const patients = await store.database.prisma.datasetPatient.findMany({
        ...query,
        where: { patient: { key }, ...whereOnDataset(place, access) },
        take: 2,
      });
      return chooseKeyed(`patient '${key}'`, DATASET_HELP, patients);
    },
  }),
  patients: t.prismaConnection(
    {
      type: 'DatasetPatient',
      cursor: 'datasetId_patientId',
      description: 'The patients of a dataset, by key.',
      args: {
        datasetId: t.arg.id({ required: true, description: 'Id of the dataset.' }),
        search: t.arg.string({
          extensions: typed('search'),
          description: 'Only patients whose key contains this text.',
        }),
      },
      totalCount: (_root, args, { store }) =>
        store.database.prisma.datasetPatient.count({ where: matchPatients(args) }),
      resolve: (query, _root, args, { store }) =>
        store.database.prisma.datasetPatient.findMany({
          ...query,
          where: matchPatients(args),
          orderBy: [{ patient: { key: 'asc' } }, { patientId: 'asc' }],
        }),
    },
    PatientConnection,
  ),
}));

async function countPatientSides(
  loaders: Loaders,
  { datasetId, classCounts }: { datasetId: string; classCounts: number[] },
  taskId: string | null | undefined,
) {
  const task = await findTask(loaders, { datasetId, taskId });
  return countSides(task?.sides ?? [], classCounts);
}

function matchPatients(args: { datasetId: string; search?: string | null }) {
  return {
    datasetId: parseRecordId(args.datasetId, 'dataset'),
    ...(args.search ? { patient: { key: { contains: escapeLike(args.search) } } } : {}),
  };
}
