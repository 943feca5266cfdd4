/** Tasks: which classes of a dataset are positive, which negative, and which are left out. */
import { countSides, nameNegativeSide, type TaskSide } from '@microtome/domain/task/task';
import type { Prisma, Task } from '@microtome/store/generated/prisma/client';
import { createTask, deleteTask } from '@microtome/store/task/tasks';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findNamed, NAMED_ARGUMENTS } from '../../graphql/find-named.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { DatasetRef } from '../dataset/dataset.ts';
import { ExperimentRef } from '../experiment/experiment.ts';
import { ModelRef } from '../model/model.ts';
import { RunRef } from '../run/run.ts';
import { DatasetClassRef } from './dataset-class.ts';

const withClasses = {
  dataset: { select: { classes: { orderBy: { position: 'asc' } } } },
} satisfies Prisma.TaskSelect;

type ClassedTask = Pick<Task, 'sides'> & Prisma.TaskGetPayload<{ select: typeof withClasses }>;

export const TaskRef = builder.prismaObject('Task', {
  description: 'A question about the classes of a dataset. It never changes; another one can be made.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name, unique within the dataset.' }),
    positiveName: t.exposeString('positiveName', {
      description: 'What the positive side is called wherever a figure speaks of it.',
    }),
    negativeName: t.string({
      description: 'What the other side is called.',
      select: withClasses,
      resolve: ({ sides, positiveName, dataset }) =>
        nameNegativeSide(sides, { classNames: dataset.classes.map(({ name }) => name), positiveName }),
    }),
    dataset: t.relation('dataset', { description: 'The dataset whose classes it is about.' }),
    positive: t.field({
      type: [DatasetClassRef],
      description: 'The classes that it looks for.',
      select: withClasses,
      resolve: (task) => listSide(task, 'POSITIVE'),
    }),
    negative: t.field({
      type: [DatasetClassRef],
      description: 'The classes that it tells them from.',
      select: withClasses,
      resolve: (task) => listSide(task, 'NEGATIVE'),
    }),
    leftOut: t.field({
      type: [DatasetClassRef],
      description: 'The classes whose patches take no part: in no training, evaluation or statistic.',
      select: withClasses,
      resolve: (task) => listSide(task, 'LEFT_OUT'),
    }),
    patchCount: t.int({
      description: 'Full-size patches of the dataset on its two sides.',
      select: withClasses,
      resolve: (task) => {
        const { positives, negatives } = countClasses(task);
        return positives + negatives;
      },
    }),
    positiveCount: t.int({
      description: 'Those on its positive side.',
      select: withClasses,
      resolve: (task) => countClasses(task).positives,
    }),
    experimentCount: t.relationCount('experiments', {
      description: 'Experiments that have it: while there is one it cannot be deleted.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.prismaObjectFields(DatasetRef, (t) => ({
  tasks: t.relation('tasks', {
    description: 'Its tasks, the one that its import proposed first. Empty for a dataset of one class.',
    query: { orderBy: { position: 'asc' } },
  }),
  positiveClass: t.string({
    deprecationReason:
      'A dataset has several classes and tasks: read `tasks`, or the task of the experiment.',
    description: 'The positive side of its first task, for example IDC; empty where it has none.',
    resolve: async ({ id }, _args, { loaders }) =>
      (await loaders.tasksOfDataset.load(id))?.[0]?.positiveName ?? '',
  }),
  positiveCount: t.int({
    deprecationReason: 'A class is positive by a task: read `positiveCount` of the task, or `classes`.',
    description: 'Full-size patches on the positive side of its first task.',
    select: { classes: { orderBy: { position: 'asc' } } },
    resolve: async ({ id, classes }, _args, { loaders }) => {
      const [first] = (await loaders.tasksOfDataset.load(id)) ?? [];
      return first ? countClasses({ sides: first.sides, dataset: { classes } }).positives : 0;
    },
  }),
}));

builder.queryField('task', (t) =>
  t.prismaField({
    type: TaskRef,
    nullable: true,
    description: 'One task by id, or by a name that no other task has; null when there is none.',
    args: NAMED_ARGUMENTS,
    resolve: (query, _root, args, { store, access }) =>
      findNamed('task', args, {
        byId: (id) => store.database.prisma.task.findUnique({ ...query, where: { id } }),
        byName: ({ name, dataset }) =>
          store.database.prisma.task.findMany({
            ...query,
            where: { name, dataset: { ...dataset, ...inProjects(access) } },
            take: 2,
          }),
      }),
  }),
);

builder.prismaObjectField(ExperimentRef, 'task', (t) =>
  t.relation('task', {
    nullable: true,
    description: 'The task that all of its runs have; null without a dataset.',
  }),
);

builder.prismaObjectField(RunRef, 'task', (t) =>
  t.prismaField({
    type: 'Task',
    nullable: true,
    description: 'What it learns to tell apart: the task of its experiment. Null without a dataset.',
    select: (_args, _context, nestedSelection) => ({
      experiment: { select: { task: nestedSelection(true) } },
    }),
    resolve: (_query, { experiment }) => experiment.task,
  }),
);

builder.prismaObjectField(ModelRef, 'task', (t) =>
  t.prismaField({
    type: 'Task',
    nullable: true,
    description:
      'The task of its versions, which all have the same classes on the same sides; null without one.',
    select: (_args, _context, nestedSelection) => ({
      versions: {
        orderBy: { number: 'asc' },
        take: 1,
        select: { run: { select: { experiment: { select: { task: nestedSelection(true) } } } } },
      },
    }),
    resolve: (_query, { versions }) => versions[0]?.run.experiment.task ?? null,
  }),
);

const CreateTaskInput = builder.inputType('CreateTaskInput', {
  description: 'A new task of a dataset, by the names of its classes.',
  fields: (t) => ({
    datasetId: t.id({ required: true, description: 'The dataset.' }),
    positive: t.stringList({
      extensions: typed('className'),
      required: true,
      description: 'The classes that it looks for.',
    }),
    negative: t.stringList({
      extensions: typed('className'),
      description:
        'The classes that it tells them from; all others when left out. Any other class is left out.',
    }),
    name: t.string({
      extensions: typed('taskName'),
      description: 'A name that is not in use on this dataset; made of the classes when left out.',
    }),
    positiveName: t.string({
      extensions: typed('sideName'),
      description: 'What the positive side is called; its classes’ names when left out.',
    }),
  }),
});

builder.mutationFields((t) => ({
  createTask: t.field({
    type: TaskRef,
    description: 'Adds a task to a dataset.',
    args: { input: t.arg({ type: CreateTaskInput, required: true, description: 'The task.' }) },
    resolve: (_root, { input }, { store }) =>
      createTask(store, {
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        positive: input.positive,
        negative: input.negative,
        name: input.name ?? undefined,
        positiveName: input.positiveName ?? undefined,
      }),
  }),
  deleteTask: t.id({
    description: 'Deletes a task that no experiment has, other than the first of its dataset. Gives the id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the task.' }) },
    resolve: async (_root, { id }, { store }) => {
      await deleteTask(store, parseRecordId(id, 'task'));
      return id;
    },
  }),
}));

function listSide({ sides, dataset: { classes } }: ClassedTask, side: TaskSide) {
  return classes.filter(({ position }) => sides[position] === side);
}

function countClasses({ sides, dataset: { classes } }: ClassedTask) {
  return countSides(
    sides,
    classes.map(({ patchCount }) => patchCount),
  );
}
