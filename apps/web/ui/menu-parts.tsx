'use client';
/** What an open menu is made of, on Radix. Loaded by menu.tsx. */
import * as Primitive from '@radix-ui/react-dropdown-menu';
import { type ComponentProps, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';

type MenuFrameProps = {
  /** At whose place it stands, and which has the focus afterwards. */
  button: HTMLElement | null;
  label?: string;
  align?: 'start' | 'end';
  /** Its first entry is marked then. */
  isByKey?: boolean;
  onClose: () => void;
  children: ReactNode;
};

export function MenuFrame({ button, label, align = 'end', isByKey, onClose, children }: MenuFrameProps) {
  const [place] = useState(() => button?.getBoundingClientRect());
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!isByKey) return;
    // After Radix, which gives the focus to the menu as a whole.
    const first = requestAnimationFrame(() =>
      content.current?.querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')?.focus(),
    );
    return () => cancelAnimationFrame(first);
  }, [isByKey]);
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Trigger asChild>
        <span
          aria-hidden
          className="pointer-events-none fixed"
          style={{ left: place?.left, top: place?.top, width: place?.width, height: place?.height }}
        />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          ref={content}
          align={align}
          sideOffset={4}
          {...(label
            ? { 'aria-label': label, 'aria-labelledby': undefined }
            : { 'aria-labelledby': button?.id })}
          className="z-50 min-w-44 rounded-md border border-line-strong bg-surface p-1 shadow-lg"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            button?.focus();
          }}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function Item({ className, ...rest }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item
      className={classNames(
        'flex cursor-pointer items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none data-disabled:cursor-not-allowed data-disabled:opacity-50 data-highlighted:bg-surface-muted [&_svg]:size-4',
        className,
      )}
      {...rest}
    />
  );
}

export function Line() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}
