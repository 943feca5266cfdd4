'use client';
/** The form of a promotion. If the gate refuses, the reasons are shown rule by rule and recorded too. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import { toast } from '../../../ui/toast.ts';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { useFormAction } from '../../../form/use-form-action.ts';
import { type ModelPageFragment, PromoteModelVersionDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { LabeledCheckbox } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { GateRules } from './gate-rules.tsx';

const schema = z.extend(actSchema, { override: z.boolean() });

type Version = ModelPageFragment['versions'][number];

export function PromoteForm({ version, onDone }: { version: Version; onDone: () => void }) {
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { ...EMPTY_ACT, override: false },
  });
  const override = useWatch({ control: form.control, name: 'override' });
  const [promote] = useMutation(PromoteModelVersionDocument);
  const { run, busy } = useFormAction(form);
  const { allowed, canOverride } = version.gate;
  const submit = form.handleSubmit((act) =>
    run(async () => {
      const input = {
        versionId: version.id,
        reason: act.reason,
        promotedBy: act.who,
        override: act.override,
      };
      const { data } = await promote({ variables: { input } });
      if (data?.promoteModelVersion.allowed) toast.success(`Version ${version.number} is the champion`);
      else
        toast.error(`The gate refused: ${data?.promoteModelVersion.reasons.join(' ')}`, { duration: 12_000 });
      onDone();
    }),
  );
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Promote version">
        <GateRules verdict={version.gate} run={version.run} />
        {!allowed && !canOverride && (
          <Notice tone="danger">A safety rule refuses, and safety rules cannot be overridden.</Notice>
        )}
        {canOverride && (
          <LabeledCheckbox
            label="Override the quality rules; the promotion is marked as overridden"
            {...form.register('override')}
          />
        )}
        <ActFields placeholder={override ? 'Why promote although the gate refuses?' : 'Why this version?'} />
        <div className="flex flex-wrap items-center justify-end gap-3">
          {!allowed && !override && (
            <span className="text-xs text-muted-foreground">
              The gate will refuse; the refusal is recorded too.
            </span>
          )}
          <Button type="submit" look="primary" disabled={busy || !form.formState.isValid}>
            {allowed || override ? 'Promote to champion' : 'Record the refusal'}
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
