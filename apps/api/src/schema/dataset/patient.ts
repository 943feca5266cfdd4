/** Patients as they stand in one dataset, with their counts, and whose a slide is. */
import { invariant } from '@microtome/domain/app-error';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { SubsetEnum } from '../enums.ts';
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
      description: 'The key within the source, for IDC the folder name.',
      select: { patient: { select: { key: true } } },
      resolve: ({ patient }) => patient.key,
    }),
    source: t.string({
      description: 'The namespace of the key.',
      select: { patient: { select: { source: true } } },
      resolve: ({ patient }) => patient.source,
    }),
    patchCount: t.exposeInt('patchCount', { description: 'Full-size patches in this dataset.' }),
    positiveCount: t.exposeInt('positiveCount', { description: 'Those of the positive class.' }),
    positiveShare: t.float({
      description: 'positiveCount / patchCount, 0..1.',
      resolve: ({ positiveCount, patchCount }) => (patchCount === 0 ? 0 : positiveCount / patchCount),
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
      description: 'The side of this patient in a split; null when left out, or when the split is by patch.',
      args: { splitId: t.arg.id({ required: true, description: 'Id of the split.' }) },
      resolve: async ({ patientId }, { splitId }, { loaders }) =>
        (await loaders.patientSubset.load({ splitId: parseRecordId(splitId, 'split'), patientId })) ?? null,
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

builder.queryField('patients', (t) =>
  t.prismaConnection(
    {
      type: 'DatasetPatient',
      cursor: 'datasetId_patientId',
      description: 'The patients of a dataset, by key.',
      args: {
        datasetId: t.arg.id({ required: true, description: 'Id of the dataset.' }),
        search: t.arg.string({ description: 'Only patients whose key contains this text.' }),
      },
      totalCount: (_root, args, { store }) =>
        store.database.prisma.datasetPatient.count({ where: matchPatients(args) }),
      resolve: (query, _root, args, { store }) =>
        store.database.prisma.datasetPatient.findMany({
          ...query,
          where: matchPatients(args),
          orderBy: { patient: { key: 'asc' } },
        }),
    },
    PatientConnection,
  ),
);

function matchPatients(args: { datasetId: string; search?: string | null }) {
  return {
    datasetId: parseRecordId(args.datasetId, 'dataset'),
    ...(args.search ? { patient: { key: { contains: args.search } } } : {}),
  };
}
