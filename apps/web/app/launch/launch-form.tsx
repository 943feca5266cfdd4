'use client';
/** The launch form: where, which preset, every knob, what the network costs, and the ways to launch: a run, a pair, a sweep. */
import { useMemo, useState } from 'react';
import { readSchemaFields } from '../../form/schema-fields.ts';
import type { HyperparameterSchemaQuery, LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import type { Strategy } from '../../sweep/sweep-strategies.ts';
import { Card } from '../../ui/card.tsx';
import type { WantedTarget } from './choose-target.ts';
import { groupFields } from './group-fields.ts';
import { HyperparameterGroup } from './hyperparameter-group.tsx';
import { LaunchButtons } from './launch-buttons.tsx';
import type { RunText } from './launch-plan.ts';
import { NetworkCost } from './network-cost.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { RunTextFields } from './run-text-fields.tsx';
import { SweepCard } from './sweep-card.tsx';
import { createDraft } from './sweep-draft.ts';
import { SweepLaunch } from './sweep-launch.tsx';
import { TargetFields } from './target-fields.tsx';
import { type LaunchDataset, type LaunchLike, useLaunchForm } from './use-launch-form.ts';

type LaunchFormProps = {
  datasets: readonly LaunchDataset[];
  architectures: LaunchChoicesQuery['architectures'];
  backends: LaunchChoicesQuery['backends'];
  /** How many are there. */
  workers: number;
  schema: HyperparameterSchemaQuery['hyperparameterSchema'];
  like: LaunchLike;
  wanted: WantedTarget & { strategy: Strategy | null };
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
  const form = useLaunchForm({ datasets, fields, like, wanted });
  const [draft, setDraft] = useState(() => createDraft(wanted.strategy));
  const [text, setText] = useState<RunText>({
    name: '',
    tags: like?.tags.join(', ') ?? '',
    notes: '',
    backend: like?.requestedBackend ?? 'auto',
  });
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <TargetFields datasets={datasets} form={form} makesSplits={draft.strategy === 'FOLDS'} />
        <SweepCard draft={draft} fields={fields} onChange={setDraft} />
        <PresetChoice presets={schema.presets} fields={fields} form={form} />
        <Card
          title="Hyperparameters"
          note="Built from the API's own schema. Violet marks what differs from the default."
        >
          <div className="flex flex-col gap-4">
            {groups.map((group) => (
              <HyperparameterGroup
                key={group.title}
                group={group}
                form={form}
                architectures={architectures}
              />
            ))}
          </div>
        </Card>
        <RunTextFields text={text} backends={backends} isSweep={draft.strategy !== null} onChange={setText} />
      </div>
      <aside className="flex flex-col gap-4 xl:sticky xl:top-5">
        {draft.strategy ? (
          <SweepLaunch
            draft={{ ...draft, strategy: draft.strategy }}
            fields={fields}
            form={form}
            text={text}
            workers={workers}
          />
        ) : (
          <LaunchButtons form={form} text={text} hasWorker={workers > 0} />
        )}
        <NetworkCost form={form} architectures={architectures} />
      </aside>
    </div>
  );
}
