/** What the gate of one model demands: bounds that its owners may change; each change is a new version of the policy. */
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { ENOUGH_PATIENTS } from '../statistics/few-patients.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';

const policySchema = z.strictObject({
  requireAudit: z
    .boolean()
    .describe('Refuse a split that has no leakage audit. One whose audit failed is always refused.')
    .default(true),
  acceptSlides: z
    .boolean()
    .describe('Accept a split by slide where patients are unknown. Otherwise such a run is always refused.')
    .default(false),
  acceptGroups: z
    .boolean()
    .describe(
      'Accept a split by groups of copies where patients are unknown. Otherwise such a run is always refused.',
    )
    .default(false),
  requireColourBaseline: z
    .boolean()
    .describe(
      'Refuse where no colour-baseline run on the same split has its TEST open; otherwise that is a warning.',
    )
    .default(true),
  judgeInContext: z
    .boolean()
    .describe(
      'Judge by the probability in context (each patch read with its neighbours) in place of the patch’s own. Refuse where there is nothing to say in context.',
    )
    .default(false),
  championAucMargin: share({
    fallback: 0.02,
    max: 0.5,
    about: 'The interval of the AUC difference must exclude being worse than the champion by more than this.',
  }),
  maximumEce: share({
    fallback: 0.1,
    max: 1,
    about: 'Largest expected calibration error on TEST (15 bins).',
  }),
  minimumTestPatients: z
    .int()
    .min(0)
    .max(100_000)
    .describe('Fewer TEST patients (or what the dataset is split by) than this give a warning.')
    .default(ENOUGH_PATIENTS),
  maximumTestOpenings: z
    .int()
    .min(0)
    .max(100_000)
    .describe("More openings of the split's TEST than this give a warning: it wears out as a test.")
    .default(10),
  minimumExternalPatients: z
    .int()
    .min(0)
    .max(100_000)
    .describe(
      'Asks for an external evaluation on at least so many patients (or accepted slides or groups); 0 asks for none.',
    )
    .default(0),
  minimumExternalBalancedAccuracy: share({
    fallback: 0.5,
    max: 1,
    about:
      'Least balanced accuracy, at the carried threshold, of every external evaluation that is large enough.',
  }),
});

export type PromotionPolicy = z.output<typeof policySchema>;

/** Patients are asked for; a policy may accept less. */
export function acceptsUnit(
  { acceptSlides, acceptGroups }: Pick<PromotionPolicy, 'acceptSlides' | 'acceptGroups'>,
  unit: SplittingUnit,
): boolean {
  return unit === 'PATIENT' || (unit === 'SLIDE' && acceptSlides) || (unit === 'GROUP' && acceptGroups);
}

/** Completes a policy with defaults. BAD_INPUT names an unknown rule or a bound out of range. */
export function parsePromotionPolicy(input: unknown): PromotionPolicy {
  const result = policySchema.safeParse(input ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new AppError('BAD_INPUT', `The promotion policy does not fit. ${faults.join('. ')}.`, {
    details: { issues: faults },
  });
}

/** A stored policy: a rule that it lacks gets its default. Throws zod's error when it is not a policy. */
export function readStoredPolicy(stored: unknown): PromotionPolicy {
  return policySchema.strip().parse(stored);
}

/** The policy as JSON Schema: descriptions, defaults and ranges for a form. */
export function promotionPolicyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { io: 'input' }) as Record<string, unknown>;
}

function share({ fallback, max, about }: { fallback: number; max: number; about: string }) {
  return z.number().min(0).max(max).describe(about).default(fallback);
}
