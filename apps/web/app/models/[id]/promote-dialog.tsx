'use client';
/** Promotes a version with a reason. A refusal of the gate is an answer, shown rule by rule, and recorded too. */
import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useAction } from '../../../api/use-action.ts';
import { type ModelPageFragment, PromoteModelVersionDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { LabeledCheckbox } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ActFields, useActTexts } from './act-fields.tsx';
import { GateRules } from './gate-rules.tsx';

type Version = ModelPageFragment['versions'][number];

export function PromoteDialog({ version, modelName }: { version: Version; modelName: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Promote version ${version.number} to champion`}
      description={`${modelName}@champion then means this version. The act is recorded with who, when and why.`}
      open={open}
      onOpenChange={setOpen}
      className="max-w-2xl"
      trigger={
        <Button size="sm" look={version.gate.allowed ? 'primary' : 'outline'}>
          Promote version {version.number}
        </Button>
      }
    >
      <PromoteForm version={version} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function PromoteForm({ version, onDone }: { version: Version; onDone: () => void }) {
  const texts = useActTexts();
  const [override, setOverride] = useState(false);
  const [promote] = useMutation(PromoteModelVersionDocument, { refetchQueries: ['Models'] });
  const { run, busy } = useAction();
  const { allowed, canOverride } = version.gate;
  function submit() {
    return run(async () => {
      const input = {
        versionId: version.id,
        reason: texts.reason.trim(),
        promotedBy: texts.who.trim() || null,
        override,
      };
      const { data } = await promote({ variables: { input } });
      if (data?.promoteModelVersion.allowed) toast.success(`Version ${version.number} is the champion`);
      else
        toast.error(`The gate refused: ${data?.promoteModelVersion.reasons.join(' ')}`, { duration: 12_000 });
      onDone();
    });
  }
  return (
    <div className="flex flex-col gap-4">
      <GateRules verdict={version.gate} />
      {!allowed && !canOverride && (
        <Notice tone="danger">A safety rule refuses. Nobody can override it.</Notice>
      )}
      {canOverride && (
        <LabeledCheckbox
          label="Override the quality rules; the promotion is marked as overridden for all to see"
          checked={override}
          onChange={(event) => setOverride(event.target.checked)}
        />
      )}
      <ActFields
        texts={texts}
        placeholder={override ? 'Why, although the gate refuses?' : 'Why this version?'}
      />
      <div className="flex flex-wrap items-center justify-end gap-3">
        {!allowed && !override && (
          <span className="text-xs text-muted-foreground">
            The gate will refuse; that is put on record too.
          </span>
        )}
        <Button look="primary" disabled={busy || !texts.isWhole} onClick={submit}>
          {allowed || override ? 'Promote to champion' : 'Put the refusal on record'}
        </Button>
      </div>
    </div>
  );
}
