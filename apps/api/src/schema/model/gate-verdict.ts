/** What the gate says about a version, rule by rule. */
import type { RuleVerdict } from '@microtome/domain/promotion/promotion-gate';
import { findRemedy, type RuleRemedy } from '@microtome/domain/promotion/rule-remedy';
import type { GateVerdict } from '@microtome/store/model/promotions';
import { builder } from '../../graphql/builder.ts';

const RuleRemedyEnum = builder.enumType('RuleRemedy', {
  description: 'An act that can mend what a rule of the gate refuses.',
  values: {
    SPLIT_BY_PATIENT: { description: 'Create a split by patient and train on it.' },
    SEE_AUDIT: { description: 'Look at the leakage audit of the split.' },
    SEE_RUN: { description: 'See why the run has not succeeded, and retry it.' },
    CHECK_MODEL: { description: 'Have a worker check the model of an external program.' },
    LAUNCH_AGAIN: { description: 'Launch the run again with other hyperparameters.' },
    OPEN_TEST: { description: 'Open TEST of the run.' },
    TRAIN_COLOUR_BASELINE: { description: 'Train a colour-baseline on the split, and open its TEST.' },
    EXAMINE: { description: 'Put the model to another dataset.' },
    CHANGE_POLICY: { description: 'Change the policy of the model.' },
  } satisfies Record<RuleRemedy, { description: string }>,
});

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
    remedy: t.field({
      type: RuleRemedyEnum,
      nullable: true,
      description: 'What can be done where it does not hold; null where it holds or nothing can.',
      resolve: findRemedy,
    }),
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
