/** Promotions: moving an alias through the gate. A refusal is a result with its reasons, not an error. */

import type { Prisma } from '@microtome/store/generated/prisma/client';
import { promoteModelVersion } from '@microtome/store/promotions';
import { builder } from '../builder.ts';
import { parseRecordId } from '../record-id.ts';
import { ModelRef, ModelVersionRef } from './model.ts';

type PromotionRow = Prisma.PromotionGetPayload<object>;
type RuleVerdict = {
  rule: string;
  kind: string;
  passed: boolean;
  figure: unknown;
  sentence: string;
};
type GateVerdict = { allowed: boolean; canOverride: boolean; rules: RuleVerdict[]; reasons: string[] };

const RuleVerdictRef = builder.objectRef<RuleVerdict>('RuleVerdict').implement({
  description: 'What one rule of the gate says.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'Name of the rule.' }),
    kind: t.exposeString('kind', {
      description: 'safety (never overridden), quality (may be overridden) or warning.',
    }),
    passed: t.exposeBoolean('passed', { description: 'Whether it holds.' }),
    figure: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The figure that decided; null where there is none.',
      resolve: ({ figure }) => figure,
    }),
    sentence: t.exposeString('sentence', { description: 'The finding as a sentence.' }),
  }),
});

export const GateVerdictRef = builder.objectRef<GateVerdict>('GateVerdict').implement({
  description: 'What the gate says about a version.',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'Whether it may be promoted without an override.' }),
    canOverride: t.exposeBoolean('canOverride', {
      description: 'Not allowed, but by quality rules alone: somebody may go on with a reason.',
    }),
    rules: t.field({ type: [RuleVerdictRef], description: 'Rule by rule.', resolve: ({ rules }) => rules }),
    reasons: t.exposeStringList('reasons', { description: 'Why not, as sentences; empty when allowed.' }),
  }),
});

export const PromotionRef = builder.prismaObject('Promotion', {
  description: 'One attempt to move an alias: who, when, why and what the gate said. It never changes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    version: t.relation('version', { description: 'The version to promote.' }),
    alias: t.exposeString('aliasName', { description: 'The alias.' }),
    fromVersion: t.field({
      type: ModelVersionRef,
      nullable: true,
      description: 'The version that the alias pointed to before; null when to none.',
      resolve: async ({ fromVersionId }, _args, { loaders }) =>
        fromVersionId ? ((await loaders.modelVersion.load(fromVersionId)) ?? null) : null,
    }),
    allowed: t.exposeBoolean('allowed', { description: 'Whether the alias moved.' }),
    overridden: t.exposeBoolean('overridden', { description: 'Whether a quality rule was overridden.' }),
    verdict: t.field({
      type: GateVerdictRef,
      description: 'What the gate said then.',
      resolve: ({ verdict }) => verdict as GateVerdict,
    }),
    reason: t.exposeString('reason', { description: 'Why, in the words of who asked.' }),
    promotedBy: t.exposeString('promotedBy', { description: 'Who asked, as they called themselves.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

const PromotionResultRef = builder.objectRef<{ promotion: PromotionRow }>('PromotionResult').implement({
  description: 'What came of an attempt to promote.',
  fields: (t) => ({
    promotion: t.field({
      type: PromotionRef,
      description: 'The record.',
      resolve: ({ promotion }) => promotion,
    }),
    allowed: t.boolean({
      description: 'Whether the alias moved.',
      resolve: ({ promotion }) => promotion.allowed,
    }),
    reasons: t.stringList({
      description: 'Why not, or what was overridden, as sentences.',
      resolve: ({ promotion }) => (promotion.verdict as GateVerdict).reasons,
    }),
    model: t.prismaField({
      type: ModelRef,
      description: 'The model as it is now.',
      resolve: (query, { promotion }, _args, { store }) =>
        store.database.prisma.model.findUniqueOrThrow({ ...query, where: { id: promotion.modelId } }),
    }),
  }),
});

const PromoteModelVersionInput = builder.inputType('PromoteModelVersionInput', {
  description: 'Which version to promote, and why.',
  fields: (t) => ({
    versionId: t.id({ required: true, description: 'The version.' }),
    alias: t.string({ defaultValue: 'champion', required: true, description: 'The alias to move.' }),
    reason: t.string({ required: true, description: 'Why, for all to read.' }),
    promotedBy: t.string({ description: 'Who; "unknown" when left out.' }),
    override: t.boolean({
      defaultValue: false,
      required: true,
      description: 'Go past quality rules that do not hold; recorded. Safety rules always hold.',
    }),
  }),
});

builder.mutationField('promoteModelVersion', (t) =>
  t.field({
    type: PromotionResultRef,
    description: 'Asks the gate and, when it allows, moves the alias. Refusals are recorded too.',
    args: {
      input: t.arg({ type: PromoteModelVersionInput, required: true, description: 'What to promote.' }),
    },
    resolve: async (_root, { input }, { store, compare, audits }) => ({
      promotion: await promoteModelVersion(store, {
        versionId: parseRecordId(input.versionId, 'model version'),
        alias: input.alias,
        reason: input.reason,
        promotedBy: input.promotedBy ?? undefined,
        override: input.override,
        compare,
        auditSplit: audits.audit,
      }),
    }),
  }),
);
