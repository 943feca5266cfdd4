'use client';
/** Changes the policy of a model's gate; the change is recorded with who and why. */
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { SchemaField } from '../../../form/schema-fields.ts';
import type { ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const ChangePolicyForm = loadLater(
  async () => (await import('./change-policy-form.tsx')).ChangePolicyForm,
  <Skeleton className="h-96" />,
);

type ChangePolicyProps = { model: ModelPageFragment; fields: readonly SchemaField[] };

export function ChangePolicyDialog(props: ChangePolicyProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Change the gate policy of ${props.model.name}`}
      description="It applies to promotions from now on. The change is recorded with who, when and why."
      open={open}
      onOpenChange={setOpen}
      prepare={ChangePolicyForm.load}
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
