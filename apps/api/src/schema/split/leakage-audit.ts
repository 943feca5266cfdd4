/** The leakage audit of a split: what crosses its sides, and how far one gets without looking at a pixel. */
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import type { NoPixelFigures } from '@microtome/domain/audit/leakage-audit';
import { builder } from '../../graphql/builder.ts';

const NoPixelFiguresRef = builder.objectRef<NoPixelFigures>('NoPixelFigures').implement({
  description: 'How well the rule does on some of the held-out patches.',
  fields: (t) => ({
    answered: t.exposeInt('answered', {
      description: 'Held-out patches about which the rule can say something.',
    }),
    patients: t.exposeInt('patients', { description: 'Their patients.' }),
    auc: t.exposeFloat('auc', {
      nullable: true,
      description: 'Its ROC AUC for the positive class; null without both classes.',
    }),
    balancedAccuracy: t.exposeFloat('balancedAccuracy', {
      nullable: true,
      description:
        'Its balanced accuracy, positive called from half of the votes on; null without both classes.',
    }),
  }),
});

const NoPixelBaselineRef = builder.objectRef<SplitAudit['noPixelBaseline']>('NoPixelBaseline').implement({
  description:
    'How well a rule does that never sees an image: the share of positives among the nearest TRAIN patches of the same patient. On an honest split it can say nothing.',
  fields: (t) => ({
    neighbours: t.exposeInt('neighbours', { description: 'How many nearest TRAIN patches vote.' }),
    answered: t.exposeInt('answered', {
      description: 'Held-out patches about which the rule can say something.',
    }),
    patients: t.exposeInt('patients', { nullable: true, description: 'Their patients; null in old audits.' }),
    auc: t.exposeFloat('auc', {
      nullable: true,
      description: 'Its ROC AUC for the positive class; null without both classes.',
    }),
    balancedAccuracy: t.exposeFloat('balancedAccuracy', {
      nullable: true,
      description:
        'Its balanced accuracy, positive called from half of the votes on; null without both classes.',
    }),
    whole: t.field({
      type: NoPixelFiguresRef,
      nullable: true,
      description:
        'The same for patients whose slide is there whole: two of four neighbours on average. Null in audits made before this was told apart.',
      resolve: ({ whole }) => whole ?? null,
    }),
    sparse: t.field({
      type: NoPixelFiguresRef,
      nullable: true,
      description: 'The same for patients of whom only some patches were kept.',
      resolve: ({ sparse }) => sparse ?? null,
    }),
  }),
});

export const LeakageAuditRef = builder.objectRef<SplitAudit>('LeakageAudit').implement({
  description: 'What crosses the sides of a split. Made once, after the split is made.',
  fields: (t) => ({
    passed: t.exposeBoolean('passed', { description: 'Whether nothing was found to cross.' }),
    reasons: t.exposeStringList('reasons', {
      description: 'What crosses, as sentences; empty when it passed.',
    }),
    notes: t.exposeStringList('notes', {
      description: 'What was not looked at and why, as sentences; empty when everything was.',
    }),
    patches: t.exposeInt('patches', { description: 'Full-size patches on any side.' }),
    heldOut: t.exposeInt('heldOut', { description: 'Those of VALIDATION and TEST.' }),
    patientsOnSeveralSides: t.exposeInt('patientsOnSeveralSides', {
      description: 'Patients with patches on more than one side.',
    }),
    identicalAcrossSides: t.exposeInt('identicalAcrossSides', {
      nullable: true,
      description: 'Patches whose very pixels also occur on another side; null when not looked for.',
    }),
    nearIdenticalAcrossSides: t.exposeInt('nearIdenticalAcrossSides', {
      nullable: true,
      description:
        'Pairs of near-identical patches (recompressed, turned, shifted) on two sides; null when not looked for: the notes say why.',
    }),
    neighboursInTrain: t.exposeInt('neighboursInTrain', {
      description: 'Held-out patches that touch a TRAIN patch of the same patient.',
    }),
    noPixelBaseline: t.field({
      type: NoPixelBaselineRef,
      description: 'The rule that never looks at a pixel.',
      resolve: ({ noPixelBaseline }) => noPixelBaseline,
    }),
  }),
});
