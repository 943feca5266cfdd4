'use client';
/** Changes the policy of a model's gate: its fields come from the API's schema, the change is recorded with who and why. */
import { useMutation } from '@apollo/client/react';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../../api/use-action.ts';
import { describeRange, parseField, type SchemaField } from '../../../form/schema-fields.ts';
import { ChangePromotionPolicyDocument, type ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, LabeledCheckbox } from '../../../ui/field.tsx';
import { ActFields, useActTexts } from './act-fields.tsx';
import { titlePolicyRule } from './describe-policy-change.ts';

type ChangePolicyProps = { model: ModelPageFragment; fields: readonly SchemaField[] };

export function ChangePolicyDialog(props: ChangePolicyProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Change the gate policy of ${props.model.name}`}
      description="Promotions from now on are judged by it. The change is recorded with who, when and why."
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
  const [typed, setTyped] = useState<Record<string, unknown>>({ ...(inForce?.policy as object) });
  const texts = useActTexts();
  const [change] = useMutation(ChangePromotionPolicyDocument);
  const { run, busy } = useAction();
  const parsed = fields.map((field) => ({ field, ...parseField(field, typed[field.key]) }));
  const isWhole = parsed.every(({ error }) => error === null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = {
      modelId: model.id,
      policy: Object.fromEntries(parsed.map(({ field, value }) => [field.key, value])),
      fromVersion: inForce?.version ?? 1,
      reason: texts.reason.trim(),
      changedBy: texts.who.trim() || null,
    };
    if (await run(() => change({ variables: { input } }), 'The policy was changed')) onDone();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Change policy">
      <div className="grid gap-4 sm:grid-cols-2">
        {parsed.map(({ field, error }) => (
          <PolicyInput
            key={field.key}
            field={field}
            typed={typed[field.key]}
            error={error}
            onType={(value) => setTyped({ ...typed, [field.key]: value })}
          />
        ))}
      </div>
      <ActFields texts={texts} placeholder="Why another policy?" />
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={busy || !isWhole || !texts.isWhole}>
          Put it in force
        </Button>
      </div>
    </form>
  );
}

type PolicyInputProps = {
  field: SchemaField;
  typed: unknown;
  error: string | null;
  onType: (value: unknown) => void;
};

function PolicyInput({ field, typed, error, onType }: PolicyInputProps) {
  if (field.kind === 'flag') {
    return (
      <div className="flex flex-col gap-1">
        <LabeledCheckbox
          label={titlePolicyRule(field.key)}
          className="font-medium"
          checked={typed === true}
          onChange={(event) => onType(event.target.checked)}
        />
        <p className="text-xs text-muted-foreground">{field.description}</p>
      </div>
    );
  }
  return (
    <Field label={titlePolicyRule(field.key)} hint={field.description} error={error ?? undefined}>
      <Input
        inputMode="decimal"
        title={field.kind === 'number' ? describeRange(field) : undefined}
        value={String(typed ?? '')}
        onChange={(event) => onType(event.target.value)}
      />
    </Field>
  );
}
