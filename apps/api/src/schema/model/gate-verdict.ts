/** What the gate says about a version, rule by rule. */
import type { RuleVerdict } from '@microtome/domain/promotion/promotion-gate';
import type { GateVerdict } from '@microtome/store/model/promotions';
import { builder } from '../../graphql/builder.ts';

const RuleVerdictRef = builder.objectRef<RuleVerdict>('RuleVerdict').implement({
  description: 'What one rule of the gate says.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'Name of the rule.' }),
    kind: t.string({
      description: 'safety (never overridden), quality (may be overridden) or warning.',
      resolve: ({ kind }) => kind,
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
      description: 'Not allowed, but only by quality rules: they may be overridden with a reason.',
    }),
    rules: t.field({
      type: [RuleVerdictRef],
      description: 'Rule by rule; empty for a demotion, which nothing judges.',
      resolve: ({ rules }) => rules,
    }),
    reasons: t.exposeStringList('reasons', { description: 'Why not, as sentences; empty when allowed.' }),
    policyVersion: t.exposeInt('policyVersion', {
      description: 'The version of the model’s policy that it was judged by.',
    }),
  }),
});
