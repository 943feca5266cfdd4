'use client';
/** A modal window: it traps the focus, closes on Escape, is named by its title. Its frame is loaded when one is first opened. */
import * as Slot from '@radix-ui/react-slot';
import { lazy, type ReactNode, Suspense, useRef, useState, useSyncExternalStore } from 'react';
import { useOpener } from './use-opener.ts';

type DialogProps = {
  title: string;
  description?: ReactNode;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

const loadFrame = () => import('./dialog-frame.tsx');
const DialogFrame = lazy(() => loadFrame().then((module) => ({ default: module.DialogFrame })));

const watchNothing = () => () => undefined;

export function Dialog({ trigger, open, onOpenChange, ...content }: DialogProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const isOpen = open ?? ownOpen;
  // A server has no place to lay a window over: one that an address opens comes in the browser.
  const isInBrowser = useSyncExternalStore(
    watchNothing,
    () => true,
    () => false,
  );
  const opener = useOpener(isInBrowser && isOpen);
  const wasOpen = useRef(false);
  wasOpen.current ||= isOpen;
  function change(next: boolean) {
    setOwnOpen(next);
    onOpenChange?.(next);
  }
  return (
    <>
      {trigger && (
        <Slot.Root
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onPointerEnter={() => void loadFrame()}
          onFocus={() => void loadFrame()}
          onClick={() => change(true)}
        >
          {trigger}
        </Slot.Root>
      )}
      {isInBrowser && wasOpen.current && (
        <Suspense>
          <DialogFrame {...content} open={isOpen} onOpenChange={change} opener={opener} />
        </Suspense>
      )}
    </>
  );
}
