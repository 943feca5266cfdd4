/**
 * What the form of a new split takes, and the request that it becomes. Fractions are percentages; TEST is what
 * remains.
 */
import '../../form/checked-values.ts';
import * as z from 'zod/mini';
import type { CreateSplitInput } from '../../graphql/generated/graphql.ts';
import { STRATEGIES, type StrategyValue } from '../../split/name-strategy.ts';

const values = STRATEGIES.map(({ value }) => value) as [StrategyValue, ...StrategyValue[]];
const SEEDS = 'From 0 to 4,294,967,295.';
const percent = z.coerce.number().check(z.gte(1, 'At least 1 %.'), z.lte(98, 'At most 98 %.'));
const whole = z.refine<number>((value) => Number.isSafeInteger(value), 'A whole number.');

export const splitFormSchema = z
  .object({
    datasetId: z.string().check(z.minLength(1, 'Choose a dataset.')),
    strategy: z.enum(values),
    seed: z.coerce.number().check(whole, z.gte(0, SEEDS), z.lte(4_294_967_295, SEEDS)),
    trainPercent: percent,
    validationPercent: percent,
    folds: z.coerce
      .number()
      .check(
        whole,
        z.gte(3, 'At least 3 folds: one each for TEST and VALIDATION.'),
        z.lte(50, 'At most 50.'),
      ),
    testSites: z.array(z.string()),
    name: z.string().check(z.trim()),
  })
  .check(
    z.refine(({ trainPercent, validationPercent }) => trainPercent + validationPercent < 100, {
      path: ['validationPercent'],
      message: 'TRAIN and VALIDATION leave nothing for TEST.',
    }),
  );

type Splittable = { unit: { kind: string }; sites: readonly string[] };

/** What a dataset can be split by: without units only as a publisher or a list gives it, by sites where there are two. */
export function offerStrategies(dataset: Splittable | undefined) {
  if (dataset?.unit.kind === 'NONE') {
    return STRATEGIES.filter(({ value }) => value === 'PUBLISHED' || value === 'IMPORTED');
  }
  const hasSites = (dataset?.sites.length ?? 0) > 1;
  return STRATEGIES.filter(({ value }) => hasSites || (value !== 'BY_SITE' && value !== 'PRESERVED_SITES'));
}

/** The strategy that was chosen, or the first that the dataset can be split by where it cannot be split by that. */
export function keepStrategy(chosen: StrategyValue, dataset: Splittable | undefined): StrategyValue {
  const offered = offerStrategies(dataset);
  return offered.some(({ value }) => value === chosen) ? chosen : (offered[0]?.value ?? chosen);
}

export function startSplitForm(dataset: (Splittable & { id: string }) | undefined): SplitFormInput {
  return {
    datasetId: dataset?.id ?? '',
    strategy: keepStrategy('PATIENT_STRATIFIED', dataset),
    seed: 1,
    trainPercent: 70,
    validationPercent: 15,
    folds: 5,
    testSites: [],
    name: '',
  };
}

export type SplitFormInput = z.input<typeof splitFormSchema>;
export type SplitFormOutput = z.output<typeof splitFormSchema>;

export function toCreateSplitInput(values: SplitFormOutput): CreateSplitInput {
  const { datasetId, strategy, seed, trainPercent, validationPercent, folds, testSites, name } = values;
  const usesFractions = strategy === 'PATIENT_STRATIFIED' || strategy === 'RANDOM_PATCH';
  const fractions = {
    train: trainPercent / 100,
    validation: validationPercent / 100,
    test: (100 - trainPercent - validationPercent) / 100,
  };
  return {
    datasetId,
    strategy,
    seed,
    name: name || null,
    fractions: usesFractions ? fractions : null,
    folds: strategy === 'K_FOLD' || strategy === 'PRESERVED_SITES' ? folds : null,
    testSites: strategy === 'BY_SITE' && testSites.length > 0 ? testSites : null,
  };
}
