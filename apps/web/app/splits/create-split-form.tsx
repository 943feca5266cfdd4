'use client';
/** The form of a new split. Fractions are whole percents; TEST is what remains. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod';
import { useAction } from '../../api/use-action.ts';
import { UnsafeMark } from '../../components/unsafe-mark.tsx';
import { CreateSplitDocument, type CreateSplitInput } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { STRATEGIES, type StrategyValue } from './name-strategy.ts';
import { SplitSizeFields } from './split-size-fields.tsx';

const values = STRATEGIES.map(({ value }) => value) as [StrategyValue, ...StrategyValue[]];
const schema = z
  .object({
    datasetId: z.string().min(1, 'Choose a dataset.'),
    strategy: z.enum(values),
    seed: z.coerce
      .number()
      .int('A whole number.')
      .min(0, 'From 0 to 4,294,967,295.')
      .max(4_294_967_295, 'From 0 to 4,294,967,295.'),
    trainPercent: z.coerce.number().min(1, 'At least 1 %.').max(98, 'At most 98 %.'),
    validationPercent: z.coerce.number().min(1, 'At least 1 %.').max(98, 'At most 98 %.'),
    folds: z.coerce
      .number()
      .int('A whole number.')
      .min(3, 'At least 3 folds: one each for TEST and VALIDATION.')
      .max(50, 'At most 50.'),
    name: z.string().trim(),
  })
  .refine(({ trainPercent, validationPercent }) => trainPercent + validationPercent < 100, {
    path: ['validationPercent'],
    message: 'TRAIN and VALIDATION leave nothing for TEST.',
  });

export type SplitFormInput = z.input<typeof schema>;
type SplitFormOutput = z.output<typeof schema>;

type CreateSplitFormProps = {
  datasets: readonly { id: string; name: string; patientCount: number }[];
  initialDatasetId: string | null;
};

export function CreateSplitForm({ datasets, initialDatasetId }: CreateSplitFormProps) {
  const router = useRouter();
  const form = useForm<SplitFormInput, unknown, SplitFormOutput>({
    resolver: zodResolver(schema),
    defaultValues: {
      datasetId: initialDatasetId ?? datasets[0]?.id ?? '',
      strategy: 'PATIENT_STRATIFIED',
      seed: 1,
      trainPercent: 70,
      validationPercent: 15,
      folds: 5,
      name: '',
    },
  });
  const [createSplit] = useMutation(CreateSplitDocument, { refetchQueries: ['Splits', 'Dataset'] });
  const { run, busy } = useAction();
  const strategy = useWatch({ control: form.control, name: 'strategy' });
  const { errors } = form.formState;
  const submit = form.handleSubmit((output) =>
    run(async () => {
      const { data } = await createSplit({ variables: { input: toInput(output) } });
      const created = data?.createSplit.splits ?? [];
      router.push(
        created.length === 1 && created[0]
          ? `/splits/${created[0].id}`
          : `/splits?dataset=${output.datasetId}`,
      );
    }, 'Split created'),
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Create split">
      <Field label="Dataset" error={errors.datasetId?.message}>
        <Select {...form.register('datasetId')}>
          {datasets.map(({ id, name, patientCount }) => (
            <option key={id} value={id}>{`${name} (${patientCount} patients)`}</option>
          ))}
        </Select>
      </Field>
      <Field label="Strategy" hint={STRATEGIES.find(({ value }) => value === strategy)?.note}>
        <Select {...form.register('strategy')}>
          {STRATEGIES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      {strategy === 'RANDOM_PATCH' && <UnsafeMark className="self-start" />}
      <SplitSizeFields form={form} strategy={strategy} />
      <Field label="Name" hint="Left empty: named by strategy and seed.">
        <Input {...form.register('name')} />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={busy}>
          Create split
        </Button>
      </div>
    </form>
  );
}

function toInput(values: SplitFormOutput): CreateSplitInput {
  const { datasetId, strategy, seed, trainPercent, validationPercent, folds, name } = values;
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
    folds: strategy === 'K_FOLD' ? folds : null,
  };
}
