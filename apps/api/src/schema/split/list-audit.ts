/** The verdict on a split that is known by its list alone. Nothing of it is stored. */
import type { ListAudit } from '@microtome/domain/listed-split/audit-list';
import type { ListVerdict } from '../../background/background-task.ts';
import { builder } from '../../graphql/builder.ts';
import { parseListInput, SplitListInput } from './list-input.ts';

/** The rest is counted. */
const SHARED_MAX = 500;

const SideEntriesRef = builder.objectRef<{ side: string; entries: number }>('ListedSideEntries').implement({
  description: 'Entries of one unit on one side.',
  fields: (t) => ({
    side: t.exposeString('side', { description: 'The side as the list calls it.' }),
    entries: t.exposeInt('entries', { description: 'How many entries.' }),
  }),
});

const SharedUnitRef = builder.objectRef<ListAudit['shared'][number]>('ListedSharedUnit').implement({
  description: 'A unit on more than one side of a list.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The patient, slide or id.' }),
    sides: t.field({ type: [SideEntriesRef], description: 'Where it is.', resolve: ({ sides }) => sides }),
  }),
});

const ListedSideRef = builder.objectRef<ListAudit['sides'][number]>('ListedSide').implement({
  description: 'One side of a list, counted.',
  fields: (t) => ({
    side: t.exposeString('side', { description: 'TRAIN, VALIDATION, TEST, or a fold.' }),
    entries: t.exposeInt('entries', { description: 'Entries.' }),
    units: t.exposeInt('units', { description: 'Different units.' }),
    slides: t.exposeInt('slides', {
      nullable: true,
      description: 'Different slides; null where none are told.',
    }),
    shared: t.exposeInt('shared', { description: 'Units that are on another side too.' }),
  }),
});

const ListedPairRef = builder.objectRef<ListAudit['pairs'][number]>('ListedPair').implement({
  description: 'What two sides of a list have in common.',
  fields: (t) => ({
    a: t.exposeString('a', { description: 'One side.' }),
    b: t.exposeString('b', { description: 'The other.' }),
    shared: t.exposeInt('shared', { description: 'Units on both.' }),
  }),
});

const ListAuditRef = builder.objectRef<ListVerdict>('ListAudit').implement({
  description: 'What a list tells of its split.',
  fields: (t) => ({
    isClean: t.boolean({
      description: 'Whether no unit is on two sides.',
      resolve: ({ audit }) => audit.isClean,
    }),
    unit: t.string({
      description: 'What is counted: `PATIENT`, `SLIDE`, `GROUP`, or `ID` where the list tells none of them.',
      resolve: ({ audit }) => audit.unit,
    }),
    rule: t.string({
      description: 'How units were told, in words.',
      resolve: ({ audit }) => audit.rule.about,
    }),
    units: t.int({ description: 'Different units.', resolve: ({ audit }) => audit.units }),
    sharedCount: t.int({
      description: 'Units on several sides.',
      resolve: ({ audit }) => audit.shared.length,
    }),
    shared: t.field({
      type: [SharedUnitRef],
      description: `They, by key; the first ${SHARED_MAX}.`,
      resolve: ({ audit }) => audit.shared.slice(0, SHARED_MAX),
    }),
    sides: t.field({ type: [ListedSideRef], description: 'The sides.', resolve: ({ audit }) => audit.sides }),
    pairs: t.field({
      type: [ListedPairRef],
      description: 'Each two sides that share units.',
      resolve: ({ audit }) => audit.pairs.filter(({ shared }) => shared > 0),
    }),
    sentences: t.stringList({
      description: 'The verdict, and what could not be told, as sentences.',
      resolve: ({ audit }) => audit.sentences,
    }),
    layouts: t.exposeStringList('layouts', { description: 'How each file was understood.' }),
    leftOut: t.exposeInt('leftOut', { description: 'Rows without an id or without a side.' }),
  }),
});

builder.queryFields((t) => ({
  auditSplitList: t.field({
    type: ListAuditRef,
    description:
      'The verdict on a split by its list alone: who is on two sides. Stores nothing, reads no image.',
    args: { list: t.arg({ type: SplitListInput, required: true, description: 'The list.' }) },
    resolve: (_root, { list }, { background }) => background.auditList(parseListInput(list)),
  }),
}));
