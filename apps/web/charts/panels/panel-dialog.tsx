'use client';
/** Which series an added chart shows: chosen by their names, or all that an expression matches. */
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, LabeledCheckbox } from '../../ui/field.tsx';
import { type AddedPanel, readPanelDraft } from './panel-draft.ts';

type PanelDialogProps = {
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  names: readonly string[];
  /** What is changed; nothing where one is added. */
  first?: AddedPanel;
  onDone: (added: AddedPanel) => void;
};

export function PanelDialog({ title, open, onOpenChange, ...form }: PanelDialogProps) {
  return (
    <Dialog
      title={title}
      description="For everyone who looks at runs of this experiment."
      open={open}
      onOpenChange={onOpenChange}
    >
      <PanelForm {...form} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

type PanelFormProps = Pick<PanelDialogProps, 'names' | 'first' | 'onDone'> & { onClose: () => void };

function PanelForm({ names, first, onDone, onClose }: PanelFormProps) {
  const [text, setText] = useState(first?.pattern ?? first?.names.join(', ') ?? '');
  const [isPattern, setPattern] = useState(first?.pattern != null);
  const [panelTitle, setTitle] = useState(first?.title ?? '');
  const [wasSent, setSent] = useState(false);
  const list = useId();
  const draft = readPanelDraft({ text, isPattern, title: panelTitle }, names);
  function submit(event: FormEvent) {
    event.preventDefault();
    // A form in a dialog of a form: it is sent alone.
    event.stopPropagation();
    setSent(true);
    if (!draft.panel) return;
    onDone(draft.panel);
    onClose();
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label={isPattern ? 'Regular expression' : 'Names of metrics'}
        hint={draft.note}
        error={wasSent ? draft.refusal : undefined}
      >
        <Input
          list={isPattern ? undefined : list}
          value={text}
          placeholder={isPattern ? '^validation\\..*auc' : 'validation.auc, train.loss'}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <LabeledCheckbox
        label="A regular expression"
        checked={isPattern}
        onChange={(event) => setPattern(event.target.checked)}
      />
      <Field label="Title" hint="As the names, when left empty.">
        <Input value={panelTitle} onChange={(event) => setTitle(event.target.value)} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary">
          {first ? 'Change' : 'Add'}
        </Button>
      </div>
    </form>
  );
}
