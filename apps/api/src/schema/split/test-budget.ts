/** How often TEST of a split may be opened. */
import { setTestBudget, TEST_BUDGET_MAX } from '@microtome/store/split/test-budget';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SplitRef } from './split.ts';

const TestBudgetRef = builder.prismaObject('TestBudget', {
  description:
    'How often TEST of a split may be opened, as somebody has promised. It never changes; a newer one takes its place.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    openings: t.exposeInt('openings', { description: 'How often in all, openings before it included.' }),
    setBy: t.exposeString('setBy', { description: 'Who, as they called themselves.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    setAt: t.expose('setAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.prismaObjectFields(SplitRef, (t) => ({
  testBudgets: t.relation('testBudgets', {
    type: TestBudgetRef,
    description: 'How often TEST may be opened: the newest comes first and holds; empty without a budget.',
    query: { orderBy: { number: 'desc' } },
  }),
}));

builder.mutationField('setTestBudget', (t) =>
  t.field({
    type: SplitRef,
    description:
      'Promises how often TEST of a split is opened at most: an opening beyond it is refused. A later budget may be larger; all stay on record.',
    args: {
      splitId: t.arg.id({ required: true, description: 'Id of the split.' }),
      openings: t.arg.int({
        required: true,
        description: `How often in all, 0 to ${TEST_BUDGET_MAX.toLocaleString('en')}; not below what was opened already.`,
      }),
      reason: t.arg.string({
        extensions: typed('reason'),
        required: true,
        description: 'Why, for all to read.',
      }),
      setBy: t.arg.string({
        extensions: typed('personName'),
        description: 'Who; "unknown" when left out.',
      }),
    },
    resolve: async (_root, { splitId, openings, reason, setBy }, { store }) => {
      const id = parseRecordId(splitId, 'split');
      await setTestBudget(store, { splitId: id, openings, reason, setBy: setBy ?? undefined });
      return store.database.prisma.split.findUniqueOrThrow({ where: { id } });
    },
  }),
);
