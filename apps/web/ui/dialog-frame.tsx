'use client';
/** The frame of an open modal window, on Radix. Loaded by dialog.tsx. */
import * as Primitive from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { classNames } from './class-names.ts';

/** Where something is typed first; a window without such a place gives the focus to its first control. */
const TEXT_FIELDS = 'textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=file])';

type DialogFrameProps = {
  title: string;
  description?: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Gets the focus back. */
  opener: RefObject<HTMLElement | null>;
  className?: string;
  children: ReactNode;
};

/** At once, or when a form that is loaded meanwhile is there, unless something else has been gone to by then. */
function focusFirstText(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  if (focusText(content)) {
    event.preventDefault();
    return;
  }
  const drawing = new MutationObserver(() => {
    const isElsewhere = document.activeElement !== atFirst;
    if (isElsewhere || focusText(content)) drawing.disconnect();
  });
  let atFirst: Element | null = null;
  // Radix gives the focus to the first control after this.
  queueMicrotask(() => {
    atFirst = document.activeElement;
    drawing.observe(content, { childList: true, subtree: true });
  });
}

function focusText(content: HTMLElement): boolean {
  const field = content.querySelector<HTMLElement>(TEXT_FIELDS);
  // What stands above it is read first.
  field?.focus({ preventScroll: true });
  return field !== null;
}

export function DialogFrame(props: DialogFrameProps) {
  const { title, description, open, onOpenChange, opener, className, children } = props;
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
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
