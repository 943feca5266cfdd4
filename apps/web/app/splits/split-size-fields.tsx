'use client';
/** The fields that depend on the strategy: seed, fractions or folds. The published lists need none. */
import { type UseFormReturn, useWatch } from 'react-hook-form';
import type { StrategyValue } from '../../split/name-strategy.ts';
import { Field, Input } from '../../ui/field.tsx';
import type { SplitFormInput } from './split-form.ts';

type SplitSizeFieldsProps<Output> = {
  form: UseFormReturn<SplitFormInput, unknown, Output>;
  strategy: StrategyValue;
};

export function SplitSizeFields<Output>({ form, strategy }: SplitSizeFieldsProps<Output>) {
  const { errors } = form.formState;
  const [train, validation] = useWatch({
    control: form.control,
    name: ['trainPercent', 'validationPercent'],
  });
  if (strategy === 'CRUZ_ROA_2014') return null;
  const seed = (
    <Field label="Seed" hint="Same seed, same split." error={errors.seed?.message}>
      <Input {...form.register('seed')} inputMode="numeric" />
    </Field>
  );
  if (strategy === 'K_FOLD') {
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
