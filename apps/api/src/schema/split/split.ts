/** Splits: who trains, validates and tests. Written once; the database itself keeps a patient on one side. */
import { findFractions, type SplitFractions } from '@microtome/domain/split/split';
import type { Subset } from '@microtome/domain/split/subset';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { countSides, type TaskSides } from '@microtome/domain/task/task';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { createSplit } from '@microtome/store/split/create-split';
import { deleteSplit } from '@microtome/store/split/splits';
import { builder } from '../../graphql/builder.ts';
import { isRecordId, parseRecordId } from '../../graphql/record-id.ts';
import { SplitKindEnum, SplitStrategyEnum, SubsetEnum } from '../enums.ts';
import { findTask } from '../task/find-task.ts';
import { LeakageAuditRef } from './leakage-audit.ts';

type SplitRow = Prisma.SplitGetPayload<object>;
type SplitSubset = {
  subset: Subset;
  patients: number;
  patches: number;
  classCounts: number[];
  /** Of the task that was asked for. */
  sides: TaskSides;
};

const SplitFractionsRef = builder.objectRef<SplitFractions>('SplitFractions').implement({
  description: 'The shares that were asked for.',
  fields: (t) => ({
    train: t.exposeFloat('train', { description: 'Share of TRAIN, 0..1.' }),
    validation: t.exposeFloat('validation', { description: 'Share of VALIDATION, 0..1.' }),
    test: t.exposeFloat('test', { description: 'Share of TEST, 0..1.' }),
  }),
});

const SplitSubsetRef = builder.objectRef<SplitSubset>('SplitSubset').implement({
  description: 'One side of a split, counted.',
  fields: (t) => ({
    subset: t.expose('subset', { type: SubsetEnum, description: 'Which side.' }),
    patients: t.exposeInt('patients', {
      description: 'Patients on it; in an unsafe split a patient counts on each.',
    }),
    patches: t.exposeInt('patches', { description: 'Full-size patches on it.' }),
    classCounts: t.exposeIntList('classCounts', {
      description: 'Those of each class, in the order of the classes of the dataset.',
    }),
    positives: t.int({
      description: 'Those on the positive side of the task.',
      resolve: ({ sides, classCounts }) => countSides(sides, classCounts).positives,
    }),
    negatives: t.int({
      description: 'Those on the negative side of the task.',
      resolve: ({ sides, classCounts }) => countSides(sides, classCounts).negatives,
    }),
    positiveShare: t.float({
      description: 'positives / (positives + negatives), 0..1.',
      resolve: ({ sides, classCounts }) => {
        const { positives, negatives } = countSides(sides, classCounts);
        return positives + negatives === 0 ? 0 : positives / (positives + negatives);
      },
    }),
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

const SplitRef = builder.prismaObject('Split', {
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
  fold: t.exposeInt('fold', { nullable: true, description: 'K_FOLD: which fold is TEST, from 0.' }),
  folds: t.exposeInt('folds', { nullable: true, description: 'K_FOLD: how many folds.' }),
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
        orderBy: { patient: { patient: { key: 'asc' } } },
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
    folds: t.int({ description: 'K_FOLD: how many folds, 3 or more.' }),
    name: t.string({ description: 'A name; made from strategy and seed when left out.' }),
  }),
});

const CreateSplitPayload = builder.objectRef<{ splits: SplitRow[] }>('CreateSplitPayload').implement({
  description: 'The splits that were made.',
  fields: (t) => ({
    splits: t.field({
      type: [SplitRef],
      description: 'One split, or k of them for K_FOLD.',
      resolve: ({ splits }) => splits,
    }),
  }),
});

builder.queryFields((t) => ({
  splits: t.prismaConnection(
    {
      type: 'Split',
      cursor: 'id',
      description: 'Splits, newest first.',
      args: { datasetId: t.arg.id({ description: 'Only those of this dataset.' }) },
      totalCount: (_root, args, { store }) => store.database.prisma.split.count({ where: matchSplits(args) }),
      resolve: (query, _root, args, { store }) =>
        store.database.prisma.split.findMany({
          ...query,
          where: matchSplits(args),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    SplitConnection,
  ),
  split: t.prismaField({
    type: 'Split',
    nullable: true,
    description: 'One split; null when there is none with this id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the split.' }) },
    resolve: (query, _root, { id }, { store }) =>
      isRecordId(id) ? store.database.prisma.split.findUnique({ ...query, where: { id } }) : null,
  }),
}));

builder.mutationFields((t) => ({
  createSplit: t.field({
    type: CreateSplitPayload,
    description:
      'Makes a split, or k splits for K_FOLD; its leakage audit follows within seconds. The same request gives the same digest on any machine.',
    args: { input: t.arg({ type: CreateSplitInput, required: true, description: 'What to make.' }) },
    resolve: async (_root, { input }, { store, audits }) => {
      const splits = await createSplit(store, {
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        strategy: input.strategy,
        seed: input.seed,
        fractions: input.fractions ?? undefined,
        folds: input.folds ?? undefined,
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

function countSubsets(split: SplitRow, sides: TaskSides): SplitSubset[] {
  return [
    {
      subset: 'TRAIN',
      patients: split.trainPatients,
      patches: split.trainPatches,
      classCounts: split.trainClassCounts,
      sides,
    },
    {
      subset: 'VALIDATION',
      patients: split.validationPatients,
      patches: split.validationPatches,
      classCounts: split.validationClassCounts,
      sides,
    },
    {
      subset: 'TEST',
      patients: split.testPatients,
      patches: split.testPatches,
      classCounts: split.testClassCounts,
      sides,
    },
  ];
}

function matchSplits({ datasetId }: { datasetId?: string | null }) {
  return datasetId ? { datasetId: parseRecordId(datasetId, 'dataset') } : {};
}
