'use client';
/** Demotes the champion, or rolls back to the version before it; both are recorded with a reason. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { ArrowDownToLine, Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import {
  DemoteModelVersionDocument,
  type ModelPageFragment,
  RollBackModelVersionDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { toast } from '../../../ui/toast.ts';

export function DemoteDialog({ model }: { model: ModelPageFragment }) {
  const [demote] = useMutation(DemoteModelVersionDocument);
  const { champion } = model;
  if (!champion) return null;
  return (
    <AliasActDialog
      title={`Demote version ${champion.number}`}
      description={`${model.name}@champion then points to nothing until a version is promoted or rolled back to. The gate is not asked.`}
      icon={<ArrowDownToLine />}
      look="danger"
      versionId={champion.id}
      onAct={async (input) => {
        await demote({ variables: { input } });
        toast.success(`Version ${champion.number} is no longer the champion`);
      }}
    />
  );
}

export function RollBackDialog({ model }: { model: ModelPageFragment }) {
  const [rollBack] = useMutation(RollBackModelVersionDocument);
  const { previousVersion } = model;
  if (!previousVersion) return null;
  return (
    <AliasActDialog
      title={`Roll back to version ${previousVersion.number}`}
      description={`${model.name}@champion then points to version ${previousVersion.number} again, the champion before. Safety rules must pass; quality rules only warn, so that harm can be stopped quickly.`}
      icon={<Undo2 />}
      look="outline"
      versionId={previousVersion.id}
      onAct={async (input) => {
        const { data } = await rollBack({ variables: { input } });
        if (data?.rollBackModelVersion.allowed)
          toast.success(`Version ${previousVersion.number} is the champion again`);
        else
          toast.error(`The gate refused: ${data?.rollBackModelVersion.reasons.join(' ')}`, {
            duration: 12_000,
          });
      }}
    />
  );
}

type AliasActProps = {
  title: string;
  description: string;
  icon: ReactNode;
  look: 'danger' | 'outline';
  versionId: string;
  onAct: (input: { versionId: string; reason: string; promotedBy: string | null }) => Promise<void>;
};

function AliasActDialog(props: AliasActProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={props.title}
      description={props.description}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          {props.icon}
          {props.title}
        </Button>
      }
    >
      <AliasActForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function AliasActForm({ title, look, versionId, onAct, onDone }: AliasActProps & { onDone: () => void }) {
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
