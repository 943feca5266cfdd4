/** What is done with an alias: promoting through the gate, demoting, rolling back. A refusal is a result, not an error. */
import { CHAMPION } from '@microtome/domain/promotion/promotion-act';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import {
  type AliasRequest,
  demoteModelVersion,
  type GateVerdict,
  promoteModelVersion,
  rollBackModelVersion,
} from '@microtome/store/model/promotions';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { PromotionActEnum } from '../enums.ts';
import { GateVerdictRef } from './gate-verdict.ts';
import { ModelRef, ModelVersionRef } from './model.ts';

type PromotionRow = Prisma.PromotionGetPayload<object>;

const PromotionRef = builder.prismaObject('Promotion', {
  description: 'One act on an alias: who, when, why and what the gate said. It never changes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    number: t.exposeInt('number', { description: 'Number within the model, from 1.' }),
    act: t.expose('act', { type: PromotionActEnum, description: 'What was to be done.' }),
    version: t.relation('version', {
      description: 'The version to promote or to return to; of a demotion the version that lost the alias.',
    }),
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
      resolve: readVerdict,
    }),
    reason: t.exposeString('reason', { description: 'Why, in the words of who asked.' }),
    promotedBy: t.exposeString('promotedBy', { description: 'Who asked, as they called themselves.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

const PromotionResultRef = builder.objectRef<{ promotion: PromotionRow }>('PromotionResult').implement({
  description: 'The result of an act on an alias.',
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
      resolve: ({ promotion }) => readVerdict(promotion).reasons,
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
    alias: t.string({
      extensions: typed('word'),
      defaultValue: CHAMPION,
      required: true,
      description: 'The alias to move.',
    }),
    reason: t.string({ extensions: typed('reason'), required: true, description: 'Why, for all to read.' }),
    promotedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
    override: t.boolean({
      defaultValue: false,
      required: true,
      description: 'Override quality rules that fail; recorded. Safety rules cannot be overridden.',
    }),
  }),
});

const AliasActInput = builder.inputType('AliasActInput', {
  description: 'A version, an alias and why.',
  fields: (t) => ({
    versionId: t.id({
      required: true,
      description: 'The version that loses the alias, or that it returns to: names what was looked at.',
    }),
    alias: t.string({
      extensions: typed('word'),
      defaultValue: CHAMPION,
      required: true,
      description: 'The alias.',
    }),
    reason: t.string({ extensions: typed('reason'), required: true, description: 'Why, for all to read.' }),
    promotedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
  }),
});

builder.mutationFields((t) => ({
  promoteModelVersion: t.field({
    type: PromotionResultRef,
    description: 'Asks the gate and, when it allows, moves the alias. Refusals are recorded too.',
    args: {
      input: t.arg({ type: PromoteModelVersionInput, required: true, description: 'What to promote.' }),
    },
    resolve: async (_root, { input }, { store, pairs, audits }) => ({
      promotion: await promoteModelVersion(store, {
        ...readRequest(input),
        override: input.override,
        pairs,
        auditSplit: audits.audit,
      }),
    }),
  }),
  demoteModelVersion: t.field({
    type: PromotionResultRef,
    description: 'Takes the alias away from the version that holds it: nothing is in use then. Recorded.',
    args: {
      input: t.arg({ type: AliasActInput, required: true, description: 'What to demote.' }),
    },
    resolve: async (_root, { input }, { store }) => ({
      promotion: await demoteModelVersion(store, readRequest(input)),
    }),
  }),
  rollBackModelVersion: t.field({
    type: PromotionResultRef,
    description:
      'Returns the alias to the version that held it before (`Model.previousVersion`). Rules of safety must hold; those of quality warn. Recorded.',
    args: {
      input: t.arg({ type: AliasActInput, required: true, description: 'What to return to.' }),
    },
    resolve: async (_root, { input }, { store, pairs, audits }) => ({
      promotion: await rollBackModelVersion(store, {
        ...readRequest(input),
        pairs,
        auditSplit: audits.audit,
      }),
    }),
  }),
}));

type AliasInput = {
  versionId: string | number;
  alias: string;
  reason: string;
  promotedBy?: string | null | undefined;
};

function readRequest({ versionId, alias, reason, promotedBy }: AliasInput): AliasRequest {
  return {
    versionId: parseRecordId(String(versionId), 'model version'),
    alias,
    reason,
    promotedBy: promotedBy ?? undefined,
  };
}

function readVerdict({ verdict, policyVersion }: PromotionRow): GateVerdict {
  return { ...verdict, policyVersion };
}
