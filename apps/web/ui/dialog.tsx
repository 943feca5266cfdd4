'use client';
/** A modal window on Radix: traps focus, closes on Escape, is named by its title. */
import * as Primitive from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { useOpener } from './use-opener.ts';

/** Where something is typed first; a window without such a place gives the focus to its first control. */
const TEXT_FIELDS = 'textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=file])';

type DialogProps = {
  title: string;
  description?: ReactNode;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

function focusFirstText(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  const field = content.querySelector<HTMLElement>(TEXT_FIELDS);
  if (!field) return;
  event.preventDefault();
  // What stands above it is read first.
  field.focus({ preventScroll: true });
}

export function Dialog({
  title,
  description,
  trigger,
  open,
  onOpenChange,
  className,
  children,
}: DialogProps) {
  // With a trigger of its own the focus goes back to that.
  const opener = useOpener(open === true && !trigger);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Primitive.Content
          className={classNames(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[92vh] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line-strong bg-surface shadow-xl',
            className,
          )}
          onOpenAutoFocus={focusFirstText}
          onCloseAutoFocus={(event) => {
            if (!opener.current?.isConnected) return;
            event.preventDefault();
            opener.current.focus();
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header className="flex items-start justify-between gap-4 border-b border-line px-5 py-3">
            <div>
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-0.5 text-sm text-muted-foreground">
                  {description}
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close
              aria-label="Close"
              className="rounded-sm p-1 text-muted-foreground hover:text-foreground"
            >
              <X className="size-4" />
            </Primitive.Close>
          </header>
          <div className="min-h-0 overflow-auto p-5">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
