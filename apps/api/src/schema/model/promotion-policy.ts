/** The policies of a model's gate: what they ask for, every change with who, when and why, and changing them. */
import {
  parsePromotionPolicy,
  promotionPolicyJsonSchema,
} from '@microtome/domain/promotion/promotion-policy';
import { changePromotionPolicy } from '@microtome/store/model/promotion-policies';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ModelRef } from './model.ts';

const PromotionPolicyRef = builder.prismaObject('PromotionPolicy', {
  description: 'One version of a policy. It never changes; the largest version of a model is in force.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Number within the model, from 1.' }),
    policy: t.field({
      type: 'JSON',
      description: 'What it asks for, defaults filled in. `promotionPolicySchema` says what each rule means.',
      resolve: ({ policy }) => parsePromotionPolicy(policy),
    }),
    reason: t.exposeString('reason', { description: 'Why it was changed, in the words of who did.' }),
    changedBy: t.exposeString('changedBy', { description: 'Who, as they called themselves.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.prismaObjectFields(ModelRef, (t) => ({
  policies: t.relation('policies', {
    type: PromotionPolicyRef,
    description: 'Every version of its policy, newest first: the first is in force.',
    query: { orderBy: { version: 'desc' } },
  }),
  policy: t.field({
    type: 'JSON',
    description: 'The rules that a promotion must pass, as they are in force.',
    select: { policies: { orderBy: { version: 'desc' }, take: 1 } },
    resolve: ({ policies }) => parsePromotionPolicy(policies[0]?.policy),
  }),
}));

const ChangePromotionPolicyInput = builder.inputType('ChangePromotionPolicyInput', {
  description: 'Another policy for a model, and why.',
  fields: (t) => ({
    modelId: t.id({ required: true, description: 'The model.' }),
    policy: t.field({
      type: 'JSON',
      required: true,
      description: 'The whole policy: what is left out gets its default.',
    }),
    fromVersion: t.int({
      required: true,
      description: 'The version that was looked at: when another is in force by now, nothing changes.',
    }),
    reason: t.string({ extensions: typed('reason'), required: true, description: 'Why, for all to read.' }),
    changedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
  }),
});

builder.queryField('promotionPolicySchema', (t) =>
  t.field({
    type: 'JSON',
    description: 'The policy of a gate as JSON Schema: rules with descriptions, defaults and ranges.',
    resolve: () => promotionPolicyJsonSchema(),
  }),
);

builder.mutationField('changePromotionPolicy', (t) =>
  t.prismaField({
    type: ModelRef,
    description:
      'Puts another policy in force. What was judged before keeps the version that it was judged by.',
    args: {
      input: t.arg({ type: ChangePromotionPolicyInput, required: true, description: 'The policy.' }),
    },
    resolve: async (query, _root, { input }, { store }) => {
      const { modelId } = await changePromotionPolicy(store, {
        modelId: parseRecordId(input.modelId, 'model'),
        policy: input.policy,
        fromVersion: input.fromVersion,
        reason: input.reason,
        changedBy: input.changedBy ?? undefined,
      });
      return store.database.prisma.model.findUniqueOrThrow({ ...query, where: { id: modelId } });
    },
  }),
);
