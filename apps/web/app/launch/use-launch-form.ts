'use client';
/** The state of the launch form: what is typed, and what follows from it. */
import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useMemo } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import {
  getDefaults,
  pickChanged,
  readTyped,
  type SchemaField,
  type SchemaValue,
} from '../../form/schema-fields.ts';
import type { LaunchChoicesQuery, LaunchLikeQuery } from '../../graphql/generated/graphql.ts';
import type { Strategy } from '../../sweep/sweep-strategies.ts';
import { chooseTarget, type WantedTarget } from './choose-target.ts';
import { createLaunchSchema, type LaunchInput, type LaunchOutput } from './launch-schema.ts';
import { createDraft } from './sweep-draft.ts';

export type LaunchDataset = LaunchChoicesQuery['datasets']['edges'][number]['node'];
export type LaunchLike = LaunchLikeQuery['run'];

type LaunchFormOptions = {
  datasets: readonly LaunchDataset[];
  fields: readonly SchemaField[];
  like: LaunchLike;
  /** Goes over the settings of `like`. */
  preset: Record<string, SchemaValue> | null;
  wanted: WantedTarget & { strategy: Strategy | null };
};

export function useLaunchForm({ datasets, fields, like, preset, wanted }: LaunchFormOptions) {
  const schema = useMemo(() => createLaunchSchema(fields), [fields]);
  const form = useForm<LaunchInput, unknown, LaunchOutput>({
    resolver: zodResolver(schema),
    mode: 'onChange',
    defaultValues: {
      target: chooseTarget(datasets, like ? targetOf(like) : wanted),
      hyperparameters: {
        ...getDefaults(fields),
        ...(like?.hyperparameters as object | undefined),
        ...preset,
      },
      sweep: createDraft(wanted.strategy),
      about: {
        name: '',
        tags: like?.tags.join(', ') ?? '',
        notes: '',
        backend: like?.requestedBackend ?? 'auto',
      },
    },
  });
  const { control, setValue, trigger } = form;
  // A copied run may hold values that today's schema refuses: they are marked right away.
  useEffect(() => void trigger('hyperparameters'), [trigger]);
  const [target, typed] = useWatch({ control, name: ['target', 'hyperparameters'] });
  const values = useMemo(() => readTyped(typed, fields), [typed, fields]);
  const changed = useMemo(() => pickChanged(values, fields), [values, fields]);
  const dataset = datasets.find(({ id }) => id === target.datasetId) ?? null;
  return {
    form,
    dataset,
    split: dataset?.splits.find(({ id }) => id === target.splitId) ?? null,
    target,
    /** The hyperparameters that are in range. */
    values,
    changed,
    isInRange: fields.every(({ key }) => key in values),
    chooseDataset: (datasetId: string) =>
      setValue('target', chooseTarget(datasets, { datasetId, splitId: null, experimentId: null })),
    applyPreset: (preset: Record<string, SchemaValue>) =>
      setValue('hyperparameters', { ...getDefaults(fields), ...preset }, { shouldValidate: true }),
  };
}

export type LaunchFormState = ReturnType<typeof useLaunchForm>;

function targetOf({ dataset, split, experiment }: NonNullable<LaunchLike>): WantedTarget {
  return { datasetId: dataset?.id ?? null, splitId: split?.id ?? null, experimentId: experiment.id };
}
