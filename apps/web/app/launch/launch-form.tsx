'use client';
/**
 * The launch form: dataset and split, presets, hyperparameters, the network's cost, and the ways to launch: a run, a
 * pair, a sweep.
 */
import { useMemo } from 'react';
import { useWatch } from 'react-hook-form';
import { readSchemaFields } from '../../form/schema-fields.ts';
import type { HyperparameterSchemaQuery, LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import type { Strategy } from '../../sweep/sweep-strategies.ts';
import { Card } from '../../ui/card.tsx';
import type { WantedTarget } from './choose-target.ts';
import { groupFields } from './group-fields.ts';
import { HyperparameterGroup } from './hyperparameter-group.tsx';
import { LaunchButtons } from './launch-buttons.tsx';
import { findPreset } from './launch-plan.ts';
import { NetworkCost } from './network-cost.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { RunTextFields } from './run-text-fields.tsx';
import { SweepCard } from './sweep-card.tsx';
import { SweepLaunch } from './sweep-launch.tsx';
import { TargetFields } from './target-fields.tsx';
import { type LaunchDataset, type LaunchLike, useLaunchForm } from './use-launch-form.ts';

type LaunchFormProps = {
  datasets: readonly LaunchDataset[];
  architectures: LaunchChoicesQuery['architectures'];
  backends: LaunchChoicesQuery['backends'];
  /** How many are running. */
  workers: number;
  schema: HyperparameterSchemaQuery['hyperparameterSchema'];
  like: LaunchLike;
  wanted: WantedTarget & { strategy: Strategy | null; preset: string | null };
};

export function LaunchForm({
  datasets,
  architectures,
  backends,
  workers,
  schema,
  like,
  wanted,
}: LaunchFormProps) {
  const fields = useMemo(() => readSchemaFields(schema.jsonSchema), [schema.jsonSchema]);
  const groups = useMemo(() => groupFields(fields), [fields]);
  const preset = findPreset(schema.presets, wanted.preset);
  const launch = useLaunchForm({ datasets, fields, like, preset, wanted });
  const [strategy, backend] = useWatch({
    control: launch.form.control,
    name: ['sweep.strategy', 'about.backend'],
  });
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <TargetFields datasets={datasets} launch={launch} makesSplits={strategy === 'FOLDS'} />
        <SweepCard form={launch.form} fields={fields} />
        <PresetChoice presets={schema.presets} fields={fields} launch={launch} />
        <Card
          title="Hyperparameters"
          note="Built from the API's own schema. Violet marks what differs from the default."
        >
          <div className="flex flex-col gap-4">
            {groups.map((group) => (
              <HyperparameterGroup
                key={group.title}
                group={group}
                launch={launch}
                architectures={architectures}
              />
            ))}
          </div>
        </Card>
        <RunTextFields form={launch.form} backends={backends} isSweep={strategy !== null} />
      </div>
      <aside className="flex flex-col gap-4 xl:sticky xl:top-5">
        {strategy ? (
          <SweepLaunch launch={launch} fields={fields} workers={workers} backend={backend} />
        ) : (
          <LaunchButtons launch={launch} presets={schema.presets} backend={backend} />
        )}
        <NetworkCost launch={launch} architectures={architectures} />
      </aside>
    </div>
  );
}
