'use client';
/** The fields that depend on the strategy: seed, fractions or folds. The published lists need none. */
import { type UseFormReturn, useWatch } from 'react-hook-form';
import type { StrategyValue } from '../../split/name-strategy.ts';
import { Field, Input } from '../../ui/field.tsx';
import type { SplitFormInput } from './split-form.ts';

type SplitSizeFieldsProps<Output> = {
  form: UseFormReturn<SplitFormInput, unknown, Output>;
  strategy: StrategyValue;
  /** Of the chosen dataset. */
  sites: readonly string[];
};

export function SplitSizeFields<Output>({ form, strategy, sites }: SplitSizeFieldsProps<Output>) {
  const { errors } = form.formState;
  const [train, validation] = useWatch({
    control: form.control,
    name: ['trainPercent', 'validationPercent'],
  });
  if (strategy === 'CRUZ_ROA_2014') return null;
  if (strategy === 'BY_SITE') return <SiteChoice form={form} sites={sites} />;
  const seed = (
    <Field label="Seed" hint="Same seed, same split." error={errors.seed?.message}>
      <Input {...form.register('seed')} inputMode="numeric" />
    </Field>
  );
  if (strategy === 'PUBLISHED') return <div className="grid grid-cols-2 gap-4">{seed}</div>;
  if (strategy === 'K_FOLD' || strategy === 'PRESERVED_SITES') {
    return (
      <div className="grid grid-cols-2 gap-4">
        {seed}
        <Field label="Folds" error={errors.folds?.message}>
          <Input {...form.register('folds')} inputMode="numeric" />
        </Field>
      </div>
    );
  }
  const test = 100 - Number(train) - Number(validation);
  return (
    <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
      {seed}
      <Field label="TRAIN %" error={errors.trainPercent?.message}>
        <Input {...form.register('trainPercent')} inputMode="decimal" />
      </Field>
      <Field label="VALIDATION %" error={errors.validationPercent?.message}>
        <Input {...form.register('validationPercent')} inputMode="decimal" />
      </Field>
      <Field label="TEST %" hint="What remains.">
        <Input value={Number.isFinite(test) ? test : ''} readOnly tabIndex={-1} />
      </Field>
    </div>
  );
}

/** Which sites TEST is; none chosen leaves each out once. */
function SiteChoice<Output>({ form, sites }: Omit<SplitSizeFieldsProps<Output>, 'strategy'>) {
  if (sites.length === 0) {
    return <p className="text-sm text-muted-foreground">The source of this dataset tells no sites.</p>;
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium">TEST is</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {sites.map((site) => (
          <label key={site} className="flex items-center gap-1.5 text-sm">
            <input type="checkbox" value={site} {...form.register('testSites')} />
            {site}
          </label>
        ))}
      </div>
      <p className="text-xs text-muted-foreground">None chosen: one split a site, each left out once.</p>
    </fieldset>
  );
}
