'use client';
/** Starting points; choosing one fills in every hyperparameter. */
import { pickChanged, type SchemaField } from '../../form/schema-fields.ts';
import type { HyperparameterSchemaQuery } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import { type Hyperparameters, isSamePlan } from './launch-plan.ts';
import type { LaunchFormState } from './use-launch-form.ts';

type PresetChoiceProps = {
  presets: HyperparameterSchemaQuery['hyperparameterSchema']['presets'];
  fields: readonly SchemaField[];
  launch: LaunchFormState;
};

export function PresetChoice({ presets, fields, launch }: PresetChoiceProps) {
  return (
    <Card title="Preset" note="Fills in every hyperparameter below; change what you like afterwards.">
      <div className="grid gap-2.5 sm:grid-cols-2 lg:grid-cols-3">
        {presets.map(({ name, title, description, hyperparameters }) => {
          const preset = hyperparameters as Hyperparameters;
          return (
            <button
              key={name}
              type="button"
              aria-pressed={isSamePlan(pickChanged(preset, fields), launch.changed)}
              onClick={() => launch.applyPreset(preset)}
              className="flex flex-col items-start rounded-md border border-line-strong p-3 text-left hover:bg-surface-muted aria-pressed:border-accent aria-pressed:bg-accent-soft"
            >
              <span className="block text-sm font-semibold">{title}</span>
              <span className="block text-xs text-muted-foreground">{description}</span>
            </button>
          );
        })}
      </div>
    </Card>
  );
}
