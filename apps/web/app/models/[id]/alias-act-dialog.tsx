'use client';
/** Demotes the champion, or rolls back to the version before it; both are recorded with a reason. */
import { useMutation } from '@apollo/client/react';
import { ArrowDownToLine, Undo2 } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import {
  DemoteModelVersionDocument,
  type ModelPageFragment,
  RollBackModelVersionDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { toast } from '../../../ui/toast.ts';

const AliasActForm = loadLater(
  async () => (await import('./alias-act-form.tsx')).AliasActForm,
  <Skeleton className="h-48" />,
);

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

type AliasActProps = Omit<ComponentProps<typeof AliasActForm>, 'onDone'> & {
  description: string;
  icon: ReactNode;
};

function AliasActDialog(props: AliasActProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={props.title}
      description={props.description}
      open={open}
      onOpenChange={setOpen}
      prepare={AliasActForm.load}
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
