/** The subscriptions that follow announcements of one kind: what is missed is replayed, and then each comes as it happens. */
import type { ChampionFacts, EvaluationFacts } from '@microtome/domain/announcement/announcement';
import { followAnnouncements } from '@microtome/store/announcement/follow-announcements';
import type { Announcement } from '@microtome/store/generated/prisma/client';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { PromotionActEnum, SubsetEnum } from '../enums.ts';
import { ModelRef, ModelVersionRef } from '../model/model.ts';
import { RunRef } from '../run/run.ts';

type Told<Facts> = { number: number; at: Date; facts: Facts };

const EvaluationReadyRef = builder.objectRef<Told<EvaluationFacts>>('EvaluationReady').implement({
  description: 'The figures of a run are there.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Its number: pass the last one as `after` to go on.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    runId: t.id({ description: 'Id of the run.', resolve: ({ facts }) => facts.runId }),
    runName: t.string({ description: 'Its name then.', resolve: ({ facts }) => facts.runName }),
    subset: t.field({
      type: SubsetEnum,
      nullable: true,
      description: 'The side of its split; null on another dataset.',
      resolve: ({ facts }) => facts.subset,
    }),
    run: t.prismaField({
      type: RunRef,
      nullable: true,
      description: 'The run now, with its evaluations; null when it was deleted meanwhile.',
      resolve: (query, { facts }, _args, { store }) =>
        store.database.prisma.run.findUnique({ ...query, where: { id: facts.runId } }),
    }),
    externalEvaluation: t.prismaField({
      type: 'ExternalEvaluation',
      nullable: true,
      description: 'Its evaluation on another dataset; null on a side of its split, and once it is deleted.',
      resolve: (query, { facts }, _args, { store }) =>
        facts.externalEvaluationId === null
          ? null
          : store.database.prisma.externalEvaluation.findUnique({
              ...query,
              where: { id: facts.externalEvaluationId },
            }),
    }),
  }),
});

const ChampionMovedRef = builder.objectRef<Told<ChampionFacts>>('ChampionMoved').implement({
  description: 'The champion of a model is another version, or none.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Its number: pass the last one as `after` to go on.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    modelId: t.id({ description: 'Id of the model.', resolve: ({ facts }) => facts.modelId }),
    modelName: t.string({ description: 'Its name then.', resolve: ({ facts }) => facts.modelName }),
    act: t.field({
      type: PromotionActEnum,
      description: 'What was done.',
      resolve: ({ facts }) => facts.act,
    }),
    versionNumber: t.int({
      description: 'The version that is the champion now; of a demotion the one that was.',
      resolve: ({ facts }) => facts.versionNumber,
    }),
    fromVersionNumber: t.int({
      nullable: true,
      description: 'The version that was the champion before; null when none was.',
      resolve: ({ facts }) => facts.fromVersionNumber,
    }),
    reason: t.string({ description: 'Why.', resolve: ({ facts }) => facts.reason }),
    promotedBy: t.string({ description: 'Who asked.', resolve: ({ facts }) => facts.promotedBy }),
    version: t.prismaField({
      type: ModelVersionRef,
      nullable: true,
      description: 'The version; null once its model is deleted.',
      resolve: (query, { facts }, _args, { store }) =>
        store.database.prisma.modelVersion.findUnique({ ...query, where: { id: facts.versionId } }),
    }),
    model: t.prismaField({
      type: ModelRef,
      nullable: true,
      description: 'The model now; null once it is deleted.',
      resolve: (query, { facts }, _args, { store }) =>
        store.database.prisma.model.findUnique({ ...query, where: { id: facts.modelId } }),
    }),
  }),
});

const AFTER =
  'The last number that you have, and 0 for all: what came since is replayed first. Left out: only what happens from now on.';

builder.subscriptionFields((t) => ({
  evaluationReady: t.field({
    type: EvaluationReadyRef,
    description: 'Each evaluation as it gets ready, in order, none lost and none twice.',
    args: {
      after: t.arg.int({ description: AFTER }),
      runId: t.arg.id({ description: 'Only of this run.' }),
    },
    subscribe: (_root, { after, runId: id }, context) => {
      const runId = id ? parseRecordId(id, 'run') : null;
      const follow = followKind(context, 'EVALUATION_READY', after ?? null);
      return pickFacts(follow, (facts) =>
        'subset' in facts && (runId === null || facts.runId === runId) ? facts : null,
      );
    },
    resolve: (told) => told,
  }),
  championMoved: t.field({
    type: ChampionMovedRef,
    description: 'Each time that a champion moves, in order, none lost and none twice.',
    args: {
      after: t.arg.int({ description: AFTER }),
      modelId: t.arg.id({ description: 'Only of this model.' }),
    },
    subscribe: (_root, { after, modelId: id }, context) => {
      const modelId = id ? parseRecordId(id, 'model') : null;
      const follow = followKind(context, 'CHAMPION_MOVED', after ?? null);
      return pickFacts(follow, (facts) =>
        'promotionId' in facts && (modelId === null || facts.modelId === modelId) ? facts : null,
      );
    },
    resolve: (told) => told,
  }),
}));

function followKind(
  { store, listener, signal }: ApiContext,
  kind: Announcement['kind'],
  afterNumber: number | null,
): AsyncGenerator<Announcement, void> {
  return followAnnouncements(store, { kinds: [kind], afterNumber, listener, signal });
}

async function* pickFacts<Facts>(
  announcements: AsyncGenerator<Announcement, void>,
  read: (facts: Announcement['facts']) => Facts | null,
): AsyncGenerator<Told<Facts>, void> {
  for await (const { number, at, facts } of announcements) {
    const wanted = read(facts);
    if (wanted !== null) yield { number, at, facts: wanted };
  }
}
