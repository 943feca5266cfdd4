/** The classes of a dataset, by the names that its source gives them. */
import { isUnlabelled } from '@microtome/domain/task/task';
import { builder } from '../../graphql/builder.ts';
import { DatasetRef } from '../dataset/dataset.ts';

export const DatasetClassRef = builder.prismaObject('DatasetClass', {
  description: 'One of the classes of a dataset. Which of them are positive is said by a task.',
  fields: (t) => ({
    position: t.exposeInt('position', {
      description: 'Its place among the classes of the dataset, from 0: that of its number in `classCounts`.',
    }),
    name: t.exposeString('name', { description: 'Name, unique within the dataset.' }),
    patchCount: t.exposeInt('patchCount', { description: 'Full-size patches of it.' }),
  }),
});

builder.prismaObjectField(DatasetRef, 'classes', (t) =>
  t.relation('classes', {
    description: 'Its classes, by position.',
    query: { orderBy: { position: 'asc' } },
  }),
);

builder.prismaObjectField(DatasetRef, 'isLabelled', (t) =>
  t.boolean({
    description: 'False where it came without classes: for heatmaps and predictions alone.',
    select: { classes: { select: { name: true }, take: 2 } },
    resolve: ({ classes }) => !isUnlabelled(classes.map(({ name }) => name)),
  }),
);
