'use client';
/** The form of a gate's policy: its fields come from the API's schema. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMemo } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import { createFieldsSchema } from '../../../form/fields-schema.ts';
import { SchemaFieldInput } from '../../../form/schema-field-input.tsx';
import type { SchemaField } from '../../../form/schema-fields.ts';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { ChangePromotionPolicyDocument, type ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { titlePolicyRule } from './describe-policy-change.ts';

type ChangePolicyFormProps = {
  model: ModelPageFragment;
  fields: readonly SchemaField[];
  onDone: () => void;
};

export function ChangePolicyForm({ model, fields, onDone }: ChangePolicyFormProps) {
  const [inForce] = model.policies;
  const schema = useMemo(() => z.extend(actSchema, { policy: createFieldsSchema(fields) }), [fields]);
  const form = useForm({
    resolver: zodResolver(schema),
    mode: 'onChange',
    defaultValues: { ...EMPTY_ACT, policy: { ...(inForce?.policy as object) } },
  });
  const [change] = useMutation(ChangePromotionPolicyDocument);
  const { run, busy } = useFormAction(form);
  const { errors, isValid } = form.formState;
  const submit = form.handleSubmit(async ({ policy, reason, who }) => {
    const input = { modelId: model.id, policy, fromVersion: inForce?.version ?? 1, reason, changedBy: who };
    if (await run(() => change({ variables: { input } }), 'The policy was changed')) onDone();
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Change policy">
        <div className="grid gap-4 sm:grid-cols-2">
          {fields.map((field) => (
            <SchemaFieldInput
              key={field.key}
              field={field}
              title={titlePolicyRule(field.key)}
              input={form.register(`policy.${field.key}`)}
              error={errors.policy?.[field.key]?.message}
            />
          ))}
        </div>
        <ActFields placeholder="Why does the policy change?" />
        <SubmitRow disabled={busy || !isValid}>Put it in force</SubmitRow>
      </form>
    </FormProvider>
  );
}
