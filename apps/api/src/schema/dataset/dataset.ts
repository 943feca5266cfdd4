/** Datasets: what was imported, how much of it, and what depends on it. */
import { deleteDataset } from '@microtome/store/dataset/datasets';
import { listSamplePatches } from '@microtome/store/dataset/sample-patches';
import type { DatasetSite } from '@microtome/store/dataset/sites';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findInProject, NAMED_IN_PROJECT } from '../../graphql/find-named.ts';
import { inOrder, NEWEST_FIRST, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ProjectRef } from '../access/project.ts';
import { DeletionRef } from '../deletion.ts';
import { PatchRef } from './patch.ts';
import { PatientConnection } from './patient.ts';
import { RefusalCountRef, RefusedFileConnection } from './refused-file.ts';
import { SlideConnection } from './slide.ts';
import { UnitRef } from './unit.ts';

export const DatasetRef = builder.prismaObject('Dataset', {
  description: 'A named set of patients’ patches that were imported together, whole or not at all.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name, unique in its project.' }),
    project: t.relation('project', { type: ProjectRef, description: 'The project that it is part of.' }),
    digest: t.exposeString('digest', {
      description:
        'SHA-256 over the sorted (name, sha256) of its files: a zip and its unpacked folder are equal.',
    }),
    source: t.exposeString('source', {
      description: 'The namespace of its patient keys, IDC for the IDC layout.',
    }),
    unit: t.field({
      type: UnitRef,
      description: 'What its splits are by, as far as its source tells.',
      resolve: ({ unit }) => unit,
    }),
    hasPlaces: t.exposeBoolean('hasPlaces', {
      description:
        'Whether its source tells where patches lie: otherwise there are no heatmaps and no neighbours.',
    }),
    patchSizePx: t.exposeInt('patchSizePx', { description: 'Side of a full-size patch in pixels.' }),
    patientCount: t.int({
      description: 'Patients, or what its unit is; 0 where nothing binds patches together.',
      resolve: ({ unit, patientCount }) => (unit === 'NONE' ? 0 : patientCount),
    }),
    patchCount: t.exposeInt('patchCount', { description: 'Full-size patches.' }),
    stripCount: t.exposeInt('stripCount', {
      description: 'Edge strips: patches smaller than the patch size.',
    }),
    placesFrom: t.exposeInt('placesFrom', {
      description: 'What the names of its files call the first column and row: 1 in the IDC set, else 0.',
    }),
    refusedCount: t.exposeInt('refusedCount', { description: 'Files that the import refused.' }),
    channelMean: t.exposeFloatList('channelMean', {
      description: 'Mean of R, G, B over full-size patches, 0..1.',
    }),
    channelSd: t.exposeFloatList('channelSd', {
      description: 'Standard deviation of R, G, B over full-size patches, 0..1.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the import ended.' }),
  }),
});

builder.prismaObjectFields(DatasetRef, (t) => ({
  patients: t.relatedConnection(
    'patients',
    {
      cursor: 'datasetId_patientId',
      totalCount: true,
      description: 'Its patients, by key.',
      query: () => ({ orderBy: [{ patient: { key: 'asc' } }, { patientId: 'asc' }] }),
    },
    PatientConnection,
  ),
  slides: t.relatedConnection(
    'slides',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Its slides.',
      query: () => ({ orderBy: { id: 'asc' } }),
    },
    SlideConnection,
  ),
  splits: t.relation('splits', {
    description: 'Its splits, newest first.',
    query: { orderBy: { createdAt: 'desc' } },
  }),
  experiments: t.relation('experiments', {
    description: 'The experiments on it, newest first.',
    query: { orderBy: { createdAt: 'desc' } },
  }),
}));

builder.prismaObjectFields(DatasetRef, (t) => ({
  refusals: t.relatedConnection(
    'refusals',
    {
      cursor: 'datasetId_position',
      totalCount: true,
      description: 'The files that were refused, the first 10,000 of them.',
      query: () => ({ orderBy: { position: 'asc' } }),
    },
    RefusedFileConnection,
  ),
  refusalCounts: t.field({
    type: [RefusalCountRef],
    description: 'How many files were refused for which reason, most frequent first.',
    resolve: async ({ id }, _args, { loaders }) => (await loaders.refusalCounts.load(id)) ?? [],
  }),
  pixelChanges: t.relation('changes', {
    description:
      'What the import changed about the pixels of its files, most files first; empty when nothing.',
    query: { orderBy: [{ fileCount: 'desc' }, { code: 'asc' }] },
  }),
  samplePatches: t.field({
    type: [PatchRef],
    description: 'A seeded random sample of full-size patches, of one class or of all.',
    args: {
      classPosition: t.arg.int({ description: 'Only of the class at this position.' }),
      label: t.arg.int({
        deprecationReason: 'A class is positive by a task: give `classPosition`.',
        description: '1 for the positive classes of the first task, 0 for its negative ones.',
      }),
      count: t.arg.int({ defaultValue: 12, required: true, description: 'How many, at most 200.' }),
      seed: t.arg.int({
        defaultValue: 1,
        required: true,
        description: 'The same seed gives the same sample.',
      }),
    },
    resolve: ({ id }, { classPosition = null, label = null, count, seed }, { store }) =>
      listSamplePatches(store, { datasetId: id, classPosition, label, count, seed }),
  }),
  bytes: t.field({
    type: 'BigInt',
    description: 'Bytes that its packed pixels take.',
    select: { shards: { select: { artifact: { select: { bytes: true } } } } },
    resolve: ({ shards }) => shards.reduce((sum, { artifact }) => sum + artifact.bytes, 0n),
  }),
}));

const DatasetSiteRef = builder.objectRef<DatasetSite>('DatasetSite').implement({
  description: 'A centre, scanner or tissue source site of a dataset, counted.',
  fields: (t) => ({
    site: t.exposeString('site', { description: 'Name of the site.' }),
    patients: t.exposeInt('patients', { description: 'Patients, or what the unit of the dataset is.' }),
    slides: t.exposeInt('slides', { description: 'Slides.' }),
    patches: t.exposeInt('patches', { description: 'Full-size patches.' }),
  }),
});

builder.prismaObjectFields(DatasetRef, (t) => ({
  sites: t.field({
    type: [DatasetSiteRef],
    description: 'Its sites, by name; empty where the source tells none.',
    resolve: async ({ id }, _args, { loaders }) => (await loaders.sitesOfDataset.load(id)) ?? [],
  }),
  givesSplit: t.boolean({
    description: 'Whether its source gives a split, which PUBLISHED takes.',
    resolve: async ({ id }, _args, { store }) =>
      (await store.database.prisma.patch.findFirst({
        where: { datasetId: id, givenSubset: 'TEST' },
        select: { index: true },
      })) !== null,
  }),
}));

const DatasetConnection = builder.connectionObject(
  {
    type: DatasetRef,
    name: 'DatasetConnection',
    description: 'A page of datasets.',
  },
  { description: 'A dataset and its place in the list.' },
);

builder.queryFields((t) => ({
  datasets: t.prismaConnection(
    {
      type: 'Dataset',
      cursor: 'id',
      extensions: inOrder(NEWEST_FIRST),
      description: 'All datasets, newest first.',
      totalCount: (_root, _args, { store, access }) =>
        store.database.prisma.dataset.count({ where: inProjects(access) }),
      resolve: (query, _root, _args, { store, access }) =>
        store.database.prisma.dataset.findMany(
          pageInOrder(query, { where: inProjects(access), order: NEWEST_FIRST }),
        ),
    },
    DatasetConnection,
  ),
  dataset: t.prismaField({
    type: 'Dataset',
    nullable: true,
    description: 'One dataset by id or by name; null when there is none.',
    args: NAMED_IN_PROJECT,
    resolve: (query, _root, args, { store, access }) =>
      findInProject({ noun: 'dataset', access }, args, {
        byId: (id) => store.database.prisma.dataset.findUnique({ ...query, where: { id } }),
        byName: (where) => store.database.prisma.dataset.findMany({ ...query, where, take: 2 }),
      }),
  }),
}));

builder.prismaObjectField(DatasetRef, 'deletion', (t) =>
  t.field({
    type: DeletionRef,
    nullable: true,
    description: 'Its deletion, once it was asked for.',
    resolve: async ({ id }, _args, { loaders }) => (await loaders.deletionOf.load(id)) ?? null,
  }),
);

builder.mutationField('deleteDataset', (t) =>
  t.field({
    type: DeletionRef,
    description:
      'Deletes a dataset in the background and frees its disk. Refused while a run depends on it. Until the last patch is gone it is listed with its `deletion`, and nothing new can stand on it.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the dataset.' }),
      requestedBy: t.arg.string({ extensions: typed('requester'), description: 'Who asks for it.' }),
    },
    resolve: (_root, { id, requestedBy }, { store }) =>
      deleteDataset(store, parseRecordId(id, 'dataset'), { requestedBy: requestedBy ?? '' }),
  }),
);
