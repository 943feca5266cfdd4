/** The unit of splitting of a dataset, with the words for it that pages show. */
import type { SPLITTING_UNITS, SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { explainUnit, nameUnit, warnOfIntervals } from '@microtome/domain/unit/unit-words';
import { builder } from '../../graphql/builder.ts';

export const SplittingUnitEnum = builder.enumType('SplittingUnit', {
  description: 'What is never on two sides of a split.',
  values: {
    PATIENT: { description: 'A person.' },
    SLIDE: { description: 'A slide: patients are unknown.' },
    GROUP: { description: 'A group of copies of one picture: patients are unknown.' },
    NONE: { description: 'Nothing binds patches together: no split can be honest.' },
  } as const satisfies Record<(typeof SPLITTING_UNITS)[number], object>,
});

export const UnitRef = builder.objectRef<SplittingUnit>('UnitOfSplitting').implement({
  description: 'What the splits of a dataset are by, and what it is called.',
  fields: (t) => ({
    kind: t.field({ type: SplittingUnitEnum, description: 'Which it is.', resolve: (unit) => unit }),
    one: t.string({
      description: 'The word for one, such as `slide`.',
      resolve: (unit) => nameUnit(unit).one,
    }),
    many: t.string({ description: 'The word for several.', resolve: (unit) => nameUnit(unit).many }),
    heading: t.string({
      description: 'The word for several at the head of a column, such as `Slides`.',
      resolve: (unit) => nameUnit(unit).heading,
    }),
    title: t.string({
      description: 'The word before a key, such as `Slide`.',
      resolve: (unit) => nameUnit(unit).title,
    }),
    by: t.string({
      description: 'How intervals and splits are said to be, such as `by slide`.',
      resolve: (unit) => nameUnit(unit).by,
    }),
    warning: t.string({
      nullable: true,
      description: 'A sentence for what is not known; null where patients are.',
      resolve: (unit) => explainUnit(unit),
    }),
    intervalWarning: t.string({
      nullable: true,
      description: 'A sentence on what is wrong with intervals by this unit; null where it is patients.',
      resolve: (unit) => warnOfIntervals(unit),
    }),
  }),
});
