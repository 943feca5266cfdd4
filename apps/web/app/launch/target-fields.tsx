'use client';
/** Dataset, split and experiment. Unsafe splits are marked in the list and, once chosen, clearly below it. */
import Link from 'next/link';
import { linkToSplits } from '../../address/page-addresses.ts';
import { formatCount } from '../../format/format-number.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { countUnits } from '../../unit/unit-words.ts';
import type { LaunchDataset, LaunchFormState } from './use-launch-form.ts';

const NEW_EXPERIMENT_NAME = 'Shallow vs deep';

export function TargetFields({
  datasets,
  launch,
  makesSplits,
}: {
  datasets: readonly LaunchDataset[];
  launch: LaunchFormState;
  /** A cross-validation makes its own splits. */
  makesSplits: boolean;
}) {
  const { dataset } = launch;
  return (
    <Card title="Where">
      <div className="grid gap-4 md:grid-cols-3">
        <Field
          label="Dataset"
          hint={
            dataset &&
            `${countUnits(dataset.unit, dataset.patientCount)}, ${formatCount(dataset.patchCount)} patches`
          }
        >
          <Select
            {...launch.form.register('target.datasetId')}
            value={launch.target.datasetId}
            onChange={(event) => launch.chooseDataset(event.target.value)}
          >
            {datasets.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        {makesSplits ? <FoldsNote by={dataset?.unit.by} /> : <SplitField launch={launch} />}
        <ExperimentField launch={launch} />
      </div>
      {!makesSplits && <TargetNotices launch={launch} />}
    </Card>
  );
}

function SplitField({ launch }: { launch: LaunchFormState }) {
  const { form, target, dataset, split } = launch;
  return (
    <Field label="Split" hint={split && describeSplit(split)}>
      <Select {...form.register('target.splitId')} value={target.splitId}>
        {!split && <option value="">Choose a split</option>}
        {dataset?.splits.map(({ id, name, unsafe }) => (
          <option key={id} value={id}>
            {unsafe ? `UNSAFE: ${name}` : name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function FoldsNote({ by }: { by: string | undefined }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="text-xs font-medium">Split</p>
      <p className="text-sm">One for each fold{by ? `, ${by}` : ''}</p>
      <p className="text-xs text-muted-foreground">
        TEST is one fold, VALIDATION the next, TRAIN the rest. They are made at launch, unless they exist
        already.
      </p>
    </div>
  );
}

function describeSplit(split: LaunchDataset['splits'][number]): string {
  return split.subsets.map(({ subset, patients }) => `${subset} ${formatCount(patients)}`).join(' · ');
}

function ExperimentField({ launch }: { launch: LaunchFormState }) {
  const { form, target, dataset } = launch;
  return (
    <div className="flex flex-col gap-2">
      <Field label="Experiment">
        <Select {...form.register('target.experimentId')} value={target.experimentId}>
          {dataset?.experiments.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="">A new experiment</option>
        </Select>
      </Field>
      {target.experimentId === '' && (
        <>
          <Field
            label="Name of the new experiment"
            error={form.formState.errors.target?.experimentName?.message}
          >
            <Input placeholder={NEW_EXPERIMENT_NAME} {...form.register('target.experimentName')} />
          </Field>
          {(dataset?.tasks.length ?? 0) > 1 && (
            <Select aria-label="Task of the new experiment" {...form.register('target.taskId')}>
              {dataset?.tasks.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </>
      )}
    </div>
  );
}

function TargetNotices({ launch }: { launch: LaunchFormState }) {
  const { dataset, split } = launch;
  return (
    <>
      {dataset?.splits.length === 0 && (
        <Notice className="mt-4" title="This dataset is not split yet">
          <Button asChild size="sm" className="mt-2">
            <Link href={linkToSplits({ dataset: dataset.id, create: true })}>Create split</Link>
          </Button>
        </Notice>
      )}
      {split?.unsafe && (
        <Notice tone="danger" className="mt-4" title="Figures from this split will be inflated">
          <p className="mb-1.5">
            No run on it can be promoted. Use it only to show how much leakage inflates figures.
          </p>
          <UnsafeMark />
        </Notice>
      )}
    </>
  );
}
