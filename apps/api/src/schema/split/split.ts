/** Splits: who trains, validates and tests. Written once; the database itself keeps a patient on one side. */
import { findFractions, type SplitFractions } from '@microtome/domain/split/split';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import type { Split } from '@microtome/store/generated/prisma/client';
import { createSplit } from '@microtome/store/split/create-split';
import { deleteSplit } from '@microtome/store/split/splits';
import { type Access, inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findNamed, NAMED_ARGUMENTS } from '../../graphql/find-named.ts';
import { inOrder, NEWEST_FIRST, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SplitKindEnum, SplitStrategyEnum, SubsetEnum } from '../enums.ts';
import { findTask } from '../task/find-task.ts';
import { LeakageAuditRef } from './leakage-audit.ts';
import { countSubsets, SplitSubsetRef } from './split-subset.ts';

const SplitFractionsRef = builder.objectRef<SplitFractions>('SplitFractions').implement({
  description: 'The shares that were asked for.',
  fields: (t) => ({
    train: t.exposeFloat('train', { description: 'Share of TRAIN, 0..1.' }),
    validation: t.exposeFloat('validation', { description: 'Share of VALIDATION, 0..1.' }),
    test: t.exposeFloat('test', { description: 'Share of TEST, 0..1.' }),
  }),
});

const SplitAssignmentRef = builder.prismaObject('SplitPatient', {
  name: 'SplitAssignment',
  description: 'The side of one patient.',
  fields: (t) => ({
    patient: t.relation('patient', { description: 'The patient.' }),
    subset: t.field({
      type: SubsetEnum,
      description: 'The side.',
      resolve: ({ subset }) => subset,
    }),
  }),
});

const SplitAssignmentConnection = builder.connectionObject(
  {
    type: SplitAssignmentRef,
    name: 'SplitAssignmentConnection',
    description: 'A page of patients and their sides.',
  },
  { description: 'A patient’s side and its place in the list.' },
);

builder.prismaObject('SplitSite', {
  description: 'The side of one site in a split by site.',
  fields: (t) => ({
    site: t.exposeString('site', { description: 'Name of the site.' }),
    subset: t.field({ type: SubsetEnum, description: 'The side.', resolve: ({ subset }) => subset }),
  }),
});

export const SplitRef = builder.prismaObject('Split', {
  description: 'Patients divided into TRAIN, VALIDATION and TEST. It never changes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name.' }),
    dataset: t.relation('dataset', { description: 'The dataset that it divides.' }),
    kind: t.expose('kind', { type: SplitKindEnum, description: 'What it divides.' }),
    strategy: t.expose('strategy', { type: SplitStrategyEnum, description: 'How it was made.' }),
    seed: t.expose('seed', {
      type: 'BigInt',
      description: 'Seed: the same seed gives the same split on any machine.',
    }),
    digest: t.exposeString('digest', {
      description: 'SHA-256 over what it is: strategy, seed and every assignment.',
    }),
    unsafe: t.boolean({
      description:
        'True when it is by patch, so that patients lie on several sides, or when its leakage audit failed. No run on it can be promoted.',
      resolve: isUnsafeSplit,
    }),
  }),
});

builder.prismaObjectFields(SplitRef, (t) => ({
  fractions: t.field({
    type: SplitFractionsRef,
    nullable: true,
    description: 'The shares asked for; null where a published list or folds decide.',
    resolve: ({ fractions }) => findFractions(fractions),
  }),
  fold: t.exposeInt('fold', {
    nullable: true,
    description: 'Of a cross-validation: which fold is TEST, from 0.',
  }),
  folds: t.exposeInt('folds', { nullable: true, description: 'Of a cross-validation: how many folds.' }),
  sites: t.relation('sites', {
    description: 'Of a split by site: which site is on which side; empty for others.',
    query: { orderBy: { site: 'asc' } },
  }),
  leftOutPatients: t.exposeInt('leftOutPatients', {
    description: 'Patients of the dataset that are on no side.',
  }),
  absentPatients: t.exposeStringList('absentPatients', {
    description: 'Keys that a published list names and the dataset lacks.',
  }),
  assignments: t.relatedConnection(
    'patients',
    {
      cursor: 'splitId_patientId',
      totalCount: true,
      description: 'Who is on which side, by patient key; empty for an unsafe split.',
      args: { subset: t.arg({ type: SubsetEnum, description: 'Only this side.' }) },
      query: ({ subset }) => ({
        ...(subset ? { where: { subset } } : {}),
        orderBy: [{ patient: { patient: { key: 'asc' } } }, { patientId: 'asc' }],
      }),
    },
    SplitAssignmentConnection,
  ),
  testOpenings: t.relation('testOpenings', {
    description: 'Every opening of TEST for a run on this split, oldest first.',
    query: { orderBy: { openedAt: 'asc' } },
  }),
  testOpeningCount: t.relationCount('testOpenings', {
    description: 'How often TEST of this split was opened: each opening makes it less of an unseen test.',
  }),
  audit: t.field({
    type: LeakageAuditRef,
    nullable: true,
    description: 'The leakage audit; null while it is being made, which takes seconds to minutes.',
    resolve: ({ audit }) => audit,
  }),
  auditProgress: t.float({
    nullable: true,
    description: 'The share of the audit that is done, 0..1, while it is being made; null before and after.',
    resolve: ({ id, audit }, _args, { audits }) => (audit ? null : audits.findProgress(id)),
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
}));

builder.prismaObjectFields(SplitRef, (t) => ({
  subsets: t.field({
    type: [SplitSubsetRef],
    description: 'The three sides in the order TRAIN, VALIDATION, TEST.',
    args: {
      taskId: t.arg.id({
        description: 'The task whose positives are counted; the first of the dataset when left out.',
      }),
    },
    resolve: async (split, { taskId }, { loaders }) => {
      const task = await findTask(loaders, { datasetId: split.datasetId, taskId });
      return countSubsets(split, task?.sides ?? []);
    },
  }),
}));

const SplitConnection = builder.connectionObject(
  { type: SplitRef, name: 'SplitConnection', description: 'A page of splits.' },
  { description: 'A split and its place in the list.' },
);

const FractionsInput = builder.inputType('FractionsInput', {
  description: 'The shares of the sides; they sum to 1.',
  fields: (t) => ({
    train: t.float({ required: true, description: 'Share of TRAIN, above 0 and below 1.' }),
    validation: t.float({ required: true, description: 'Share of VALIDATION, above 0 and below 1.' }),
    test: t.float({ required: true, description: 'Share of TEST, above 0 and below 1.' }),
  }),
});

const CreateSplitInput = builder.inputType('CreateSplitInput', {
  description: 'Which split to make.',
  fields: (t) => ({
    datasetId: t.id({ required: true, description: 'The dataset to divide.' }),
    strategy: t.field({ type: SplitStrategyEnum, required: true, description: 'How to divide it.' }),
    seed: t.int({ defaultValue: 1, required: true, description: 'Seed, 0 or more.' }),
    fractions: t.field({ type: FractionsInput, description: 'Shares; 0.6, 0.2 and 0.2 when left out.' }),
    folds: t.int({ description: 'K_FOLD and PRESERVED_SITES: how many folds, 3 or more.' }),
    testSites: t.stringList({
      extensions: typed('siteName'),
      description:
        'BY_SITE: the sites that TEST is. Left out, each site is left out once, in a split of its own.',
    }),
    validationSites: t.stringList({
      extensions: typed('siteName'),
      description: 'BY_SITE with `testSites`: the sites that VALIDATION is; chosen by size when left out.',
    }),
    name: t.string({
      extensions: typed('splitName'),
      description: 'A name; made from strategy and seed when left out.',
    }),
  }),
});

const CreateSplitPayload = builder.objectRef<{ splits: Split[] }>('CreateSplitPayload').implement({
  description: 'The splits that were made.',
  fields: (t) => ({
    splits: t.field({
      type: [SplitRef],
      description: 'One split, or one a fold of a cross-validation.',
      resolve: ({ splits }) => splits,
    }),
  }),
});

builder.queryFields((t) => ({
  splits: t.prismaConnection(
    {
      type: 'Split',
      cursor: 'id',
      extensions: inOrder(NEWEST_FIRST),
      description: 'Splits, newest first.',
      args: { datasetId: t.arg.id({ description: 'Only those of this dataset.' }) },
      totalCount: (_root, args, { store, access }) =>
        store.database.prisma.split.count({ where: matchSplits(args, access) }),
      resolve: (query, _root, args, { store, access }) =>
        store.database.prisma.split.findMany(
          pageInOrder(query, { where: matchSplits(args, access), order: NEWEST_FIRST }),
        ),
    },
    SplitConnection,
  ),
  split: t.prismaField({
    type: 'Split',
    nullable: true,
    description: 'One split by id, or by a name that no other split has; null when there is none.',
    args: NAMED_ARGUMENTS,
    resolve: (query, _root, args, { store, access }) =>
      findNamed('split', args, {
        byId: (id) => store.database.prisma.split.findUnique({ ...query, where: { id } }),
        byName: ({ name, dataset }) =>
          store.database.prisma.split.findMany({
            ...query,
            where: { name, dataset: { ...dataset, ...inProjects(access) } },
            take: 2,
          }),
      }),
  }),
}));

builder.mutationFields((t) => ({
  createSplit: t.field({
    type: CreateSplitPayload,
    description:
      'Makes a split, or one a fold of a cross-validation; its leakage audit follows within seconds. The same request gives the same digest on any machine.',
    args: { input: t.arg({ type: CreateSplitInput, required: true, description: 'What to make.' }) },
    resolve: async (_root, { input }, { store, audits }) => {
      const splits = await createSplit(store, {
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        strategy: input.strategy,
        seed: input.seed,
        fractions: input.fractions ?? undefined,
        folds: input.folds ?? undefined,
        testSites: input.testSites ?? undefined,
        validationSites: input.validationSites ?? undefined,
        name: input.name ?? undefined,
      });
      audits.wake();
      return { splits };
    },
  }),
  deleteSplit: t.id({
    description: 'Deletes a split on which no run stands. Gives the id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the split.' }) },
    resolve: async (_root, { id }, { store }) => {
      await deleteSplit(store, parseRecordId(id, 'split'));
      return id;
    },
  }),
}));

function matchSplits({ datasetId }: { datasetId?: string | null }, access: Access) {
  return {
    dataset: inProjects(access),
    ...(datasetId ? { datasetId: parseRecordId(datasetId, 'dataset') } : {}),
  };
}
