/** One side of a split, counted: its patients, patches and classes, and what a task makes of these. */
import type { Subset } from '@microtome/domain/split/subset';
import { countSides, type TaskSides } from '@microtome/domain/task/task';
import type { Split } from '@microtome/store/generated/prisma/client';
import { builder } from '../../graphql/builder.ts';
import { SubsetEnum } from '../enums.ts';

type SplitSubset = {
  subset: Subset;
  patients: number;
  patches: number;
  classCounts: number[];
  /** Of the task that was asked for. */
  sides: TaskSides;
};

export const SplitSubsetRef = builder.objectRef<SplitSubset>('SplitSubset').implement({
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

type CountedSides = Pick<
  Split,
  `${'train' | 'validation' | 'test'}${'Patients' | 'Patches' | 'ClassCounts'}`
>;

/** The three sides in their order. */
export function countSubsets(split: CountedSides, sides: TaskSides): SplitSubset[] {
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
