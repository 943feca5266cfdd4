'use client';
/** Why the champion is taken back. */
import { zodResolver } from '@hookform/resolvers/zod';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { Button } from '../../../ui/button.tsx';

type AliasActFormProps = {
  title: string;
  look: 'danger' | 'outline';
  versionId: string;
  onAct: (input: { versionId: string; reason: string; promotedBy: string | null }) => Promise<void>;
  onDone: () => void;
};

export function AliasActForm({ title, look, versionId, onAct, onDone }: AliasActFormProps) {
  const form = useForm({ resolver: zodResolver(actSchema), defaultValues: EMPTY_ACT });
  const { run, busy } = useFormAction(form);
  const submit = form.handleSubmit(async ({ reason, who }) => {
    if (await run(() => onAct({ versionId, reason, promotedBy: who }))) onDone();
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label={title}>
        <ActFields placeholder="What did you observe?" />
        <div className="flex justify-end">
          <Button
            type="submit"
            look={look === 'danger' ? 'danger' : 'primary'}
            disabled={busy || !form.formState.isValid}
          >
            {title}
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
