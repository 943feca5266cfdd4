'use client';
/** Takes the champion's alias away, or returns it to the version before: each an act with a reason, on record. */
import { useMutation } from '@apollo/client/react';
import { ArrowDownToLine, Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { useAction } from '../../../api/use-action.ts';
import {
  DemoteModelVersionDocument,
  type ModelPageFragment,
  RollBackModelVersionDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ActFields, useActTexts } from './act-fields.tsx';

export function DemoteDialog({ model }: { model: ModelPageFragment }) {
  const [demote] = useMutation(DemoteModelVersionDocument, { refetchQueries: ['Models'] });
  const { champion } = model;
  if (!champion) return null;
  return (
    <AliasActDialog
      title={`Demote version ${champion.number}`}
      description={`${model.name}@champion then means nothing, until another version is promoted or it is rolled back. The gate is not asked.`}
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
  const [rollBack] = useMutation(RollBackModelVersionDocument, { refetchQueries: ['Models'] });
  const { previousVersion } = model;
  if (!previousVersion) return null;
  return (
    <AliasActDialog
      title={`Roll back to version ${previousVersion.number}`}
      description={`${model.name}@champion then means version ${previousVersion.number} again, which held it before. Rules of safety must hold; those of quality only warn, so that harm can be stopped at once.`}
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
  const texts = useActTexts();
  const { run, busy } = useAction();
  async function submit() {
    const input = { versionId, reason: texts.reason.trim(), promotedBy: texts.who.trim() || null };
    if (await run(() => onAct(input))) onDone();
  }
  return (
    <div className="flex flex-col gap-4">
      <ActFields texts={texts} placeholder="What was seen?" />
      <div className="flex justify-end">
        <Button
          look={look === 'danger' ? 'danger' : 'primary'}
          disabled={busy || !texts.isWhole}
          onClick={submit}
        >
          {title}
        </Button>
      </div>
    </div>
  );
}
