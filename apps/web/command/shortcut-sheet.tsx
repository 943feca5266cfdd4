'use client';
/** The sheet of all keys that the dashboard listens to. */
import { Dialog } from '../ui/dialog.tsx';
import { nameKey } from './keys.ts';
import { SHORTCUT_GROUPS } from './shortcuts.ts';
import { useIsMac } from './use-is-mac.ts';

export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const isMac = useIsMac();
  return (
    <Dialog title="Keys" open={open} onOpenChange={onOpenChange} className="max-w-2xl">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {SHORTCUT_GROUPS.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
            <dl className="flex flex-col gap-1.5 text-sm">
              {shortcuts.map(({ keys, act }) => (
                <div key={`${keys.join(' ')} ${act}`} className="flex items-start gap-3">
                  <dt className="flex w-24 shrink-0 gap-1">
                    {keys.map((key) => (
                      <kbd
                        key={key}
                        className="rounded border border-line-strong bg-surface-muted px-1.5 text-xs leading-5"
                      >
                        {nameKey(key, isMac)}
                      </kbd>
                    ))}
                  </dt>
                  <dd className="text-muted-foreground">{act}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
