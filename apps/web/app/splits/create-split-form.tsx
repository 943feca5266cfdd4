'use client';
/** The form of a new split. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm, useWatch } from 'react-hook-form';
import { linkToSplits } from '../../address/page-addresses.ts';
import { SubmitRow } from '../../form/submit-row.tsx';
import { useFormAction } from '../../form/use-form-action.ts';
import { CreateSplitDocument } from '../../graphql/generated/graphql.ts';
import { sayOf } from '../../split/name-strategy.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { countUnits, type UnitWords } from '../../unit/unit-words.ts';
import { ImportSplitForm } from './import-split-form.tsx';
import {
  keepStrategy,
  offerStrategies,
  type SplitFormInput,
  type SplitFormOutput,
  splitFormSchema,
  startSplitForm,
  toCreateSplitInput,
} from './split-form.ts';
import { SplitSizeFields } from './split-size-fields.tsx';

type SplitDataset = {
  id: string;
  name: string;
  patientCount: number;
  unit: UnitWords;
  sites: readonly string[];
};

type CreateSplitFormProps = {
  datasets: readonly SplitDataset[];
  initialDatasetId: string | null;
};

export function CreateSplitForm({ datasets, initialDatasetId }: CreateSplitFormProps) {
  const router = useRouter();
  const findDataset = (wanted: string | null) => datasets.find(({ id }) => id === wanted) ?? datasets[0];
  const form = useForm<SplitFormInput, unknown, SplitFormOutput>({
    resolver: zodResolver(splitFormSchema),
    defaultValues: startSplitForm(findDataset(initialDatasetId)),
  });
  const [createSplit] = useMutation(CreateSplitDocument);
  const { run, busy } = useFormAction(form);
  const [strategy, datasetId] = useWatch({ control: form.control, name: ['strategy', 'datasetId'] });
  const dataset = findDataset(datasetId);
  const offered = offerStrategies(dataset);
  const say = (text: string) => (dataset ? sayOf(text, dataset.unit) : text);
  const keepOffered = (wanted: string) =>
    form.setValue('strategy', keepStrategy(form.getValues('strategy'), findDataset(wanted)));
  const { errors } = form.formState;
  const submit = form.handleSubmit((output) =>
    run(async () => {
      const { data } = await createSplit({ variables: { input: toCreateSplitInput(output) } });
      const created = data?.createSplit.splits ?? [];
      router.push(
        created.length === 1 && created[0]
          ? `/splits/${created[0].id}`
          : linkToSplits({ dataset: output.datasetId }),
      );
    }, 'Split created'),
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Create split">
      <Field label="Dataset" error={errors.datasetId?.message}>
        <Select {...form.register('datasetId', { onChange: ({ target }) => keepOffered(target.value) })}>
          {datasets.map(offerDataset)}
        </Select>
      </Field>
      <Field label="Strategy" hint={say(offered.find(({ value }) => value === strategy)?.note ?? '')}>
        <Select {...form.register('strategy')}>
          {offered.map(({ value, label }) => (
            <option key={value} value={value}>
              {say(label)}
            </option>
          ))}
        </Select>
      </Field>
      {strategy === 'RANDOM_PATCH' && <UnsafeMark className="self-start" />}
      {strategy === 'IMPORTED' && dataset ? (
        <ImportSplitForm key={dataset.id} datasetId={dataset.id} unit={dataset.unit} />
      ) : (
        <>
          <SplitSizeFields form={form} strategy={strategy} sites={dataset?.sites ?? []} />
          <Field label="Name" hint="If empty: strategy and seed." error={errors.name?.message}>
            <Input {...form.register('name')} />
          </Field>
          <SubmitRow disabled={busy}>Create split</SubmitRow>
        </>
      )}
    </form>
  );
}

function offerDataset({ id, name, patientCount, unit }: SplitDataset) {
  return <option key={id} value={id}>{`${name} (${countUnits(unit, patientCount)})`}</option>;
}
