'use client';
/**
 * Changes the policy of a model's gate: its fields come from the API's schema; the change is recorded with who and
 * why.
 */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { Pencil } from 'lucide-react';
import { useMemo, useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import { createFieldsSchema } from '../../../form/fields-schema.ts';
import { SchemaFieldInput } from '../../../form/schema-field-input.tsx';
import type { SchemaField } from '../../../form/schema-fields.ts';
import { useFormAction } from '../../../form/use-form-action.ts';
import { ChangePromotionPolicyDocument, type ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { titlePolicyRule } from './describe-policy-change.ts';

type ChangePolicyProps = { model: ModelPageFragment; fields: readonly SchemaField[] };

export function ChangePolicyDialog(props: ChangePolicyProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Change the gate policy of ${props.model.name}`}
      description="It applies to promotions from now on. The change is recorded with who, when and why."
      open={open}
      onOpenChange={setOpen}
      className="max-w-2xl"
      trigger={
        <Button size="sm" disabled={props.fields.length === 0}>
          <Pencil />
          Change policy
        </Button>
      }
    >
      <ChangePolicyForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function ChangePolicyForm({ model, fields, onDone }: ChangePolicyProps & { onDone: () => void }) {
  const [inForce] = model.policies;
  const schema = useMemo(() => actSchema.extend({ policy: createFieldsSchema(fields) }), [fields]);
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
        <div className="flex justify-end">
          <Button type="submit" look="primary" disabled={busy || !isValid}>
            Put it in force
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
