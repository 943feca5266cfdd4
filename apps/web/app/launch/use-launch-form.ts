'use client';
/** The state of the launch form: where to launch, and every knob as it was typed, checked against the schema. */
import { useMemo, useState } from 'react';
import {
  getDefaults,
  parseField,
  pickChanged,
  type SchemaField,
  type SchemaValue,
} from '../../form/schema-fields.ts';
import type { LaunchChoicesQuery, LaunchLikeQuery } from '../../graphql/generated/graphql.ts';
import { chooseTarget, type LaunchTarget, type WantedTarget } from './choose-target.ts';

export type LaunchDataset = LaunchChoicesQuery['datasets']['edges'][number]['node'];
export type LaunchLike = LaunchLikeQuery['run'];

type LaunchFormOptions = {
  datasets: readonly LaunchDataset[];
  fields: readonly SchemaField[];
  like: LaunchLike;
  wanted: WantedTarget;
};

export function useLaunchForm({ datasets, fields, like, wanted }: LaunchFormOptions) {
  const [target, setTarget] = useState<LaunchTarget>(() =>
    chooseTarget(
      datasets,
      like
        ? { datasetId: like.dataset.id, splitId: like.split.id, experimentId: like.experiment.id }
        : wanted,
    ),
  );
  const [typed, setTyped] = useState<Record<string, unknown>>(() => ({
    ...getDefaults(fields),
    ...(like ? (like.hyperparameters as Record<string, SchemaValue>) : {}),
  }));
  const checked = useMemo(() => checkFields(fields, typed), [fields, typed]);
  const dataset = datasets.find(({ id }) => id === target.datasetId) ?? null;
  return {
    target,
    dataset,
    split: dataset?.splits.find(({ id }) => id === target.splitId) ?? null,
    typed,
    errors: checked.errors,
    values: checked.values,
    changed: useMemo(() => pickChanged(checked.values, fields), [checked, fields]),
    isValid: Object.keys(checked.errors).length === 0,
    chooseDataset: (datasetId: string) =>
      setTarget(chooseTarget(datasets, { datasetId, splitId: null, experimentId: null })),
    change: (part: Partial<LaunchTarget>) => setTarget((known) => ({ ...known, ...part })),
    type: (key: string, value: unknown) => setTyped((known) => ({ ...known, [key]: value })),
    applyPreset: (hyperparameters: Record<string, SchemaValue>) =>
      setTyped({ ...getDefaults(fields), ...hyperparameters }),
  };
}

export type LaunchFormState = ReturnType<typeof useLaunchForm>;

function checkFields(fields: readonly SchemaField[], typed: Record<string, unknown>) {
  const values: Record<string, SchemaValue> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const parsed = parseField(field, typed[field.key] ?? field.fallback);
    if (parsed.error === null) values[field.key] = parsed.value;
    else errors[field.key] = parsed.error;
  }
  return { values, errors };
}
