'use client';
/** A sealed TEST: why it is sealed, and the dialog that opens it; an opening is recorded and counted. */
import { LockKeyhole } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { loadLater } from '../ui/load-later.tsx';
import type { Opening } from './opening-form.tsx';

const OpeningForm = loadLater(async () => (await import('./opening-form.tsx')).OpeningForm);

type SealedTestProps = { title: string; children: ReactNode; isReady: boolean; opening: Opening };

export function SealedTest({ title, children, isReady, opening }: SealedTestProps) {
  const [open, setOpen] = useState(false);
  return (
    <section
      aria-label="TEST"
      className="mb-5 flex flex-wrap items-center gap-4 rounded-lg border border-dashed border-test/60 bg-surface p-5"
    >
      <LockKeyhole className="size-6 shrink-0 text-test" aria-hidden />
      <div className="min-w-60 flex-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-0.5 max-w-2xl text-sm text-muted-foreground">{children}</p>
      </div>
      <Dialog
        title={opening.act}
        description={opening.ofWhat}
        open={open}
        onOpenChange={setOpen}
        prepare={OpeningForm.load}
        trigger={
          <Button disabled={!isReady}>
            <LockKeyhole />
            {opening.act}
          </Button>
        }
      >
        <OpeningForm opening={opening} onDone={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}
