'use client';
/** Adds tags to the selected runs, or takes them away. */
import { Tags } from 'lucide-react';
import { useState } from 'react';
import { parseTags } from '../../../run/parse-tags.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import type { BulkAct } from './use-bulk-act.ts';

type TagDialogProps = { runs: string; busy: boolean; onAct: (input: BulkAct) => Promise<void> };

export function TagDialog({ runs, busy, onAct }: TagDialogProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const tags = parseTags(typed);
  async function change(act: 'TAG' | 'UNTAG') {
    setOpen(false);
    await onAct({ act, tags });
  }
  return (
    <Dialog
      title={`Tags of ${runs}`}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" disabled={busy}>
          <Tags />
          Tag
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (tags.length > 0) void change('TAG');
        }}
      >
        <Field label="Tags" hint="Separated by commas.">
          <Input value={typed} onChange={({ target }) => setTyped(target.value)} />
        </Field>
        <div className="mt-4 flex justify-end gap-2">
          <Button disabled={tags.length === 0} onClick={() => void change('UNTAG')}>
            Take away
          </Button>
          <Button type="submit" look="primary" disabled={tags.length === 0}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
