'use client';
/**
 * A modal window: it traps the focus, closes on Escape, is named by its title. Its frame, and what it shows where that is
 * loaded later, come once the page has nothing else to do, or when one is first pointed at or opened.
 */
import { lazy, type ReactNode, Suspense, useCallback, useRef, useState, useSyncExternalStore } from 'react';
import { Lent } from './lent.tsx';
import { useLoadedWhenIdle } from './load-later.tsx';
import { useOpener } from './use-opener.ts';

type DialogProps = {
  title: string;
  description?: ReactNode;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  /** Loads its children, where they are loaded later. */
  prepare?: () => Promise<unknown>;
  children: ReactNode;
};

const loadFrame = () => import('./dialog-frame.tsx');
const DialogFrame = lazy(() => loadFrame().then((module) => ({ default: module.DialogFrame })));

const watchNothing = () => () => undefined;
const loadNothing = async () => undefined;

export function Dialog({ trigger, open, onOpenChange, prepare = loadNothing, ...content }: DialogProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const load = useCallback(() => Promise.all([loadFrame(), prepare()]), [prepare]);
  useLoadedWhenIdle(load);
  // What cannot be fetched is said when it is opened.
  const loadNow = () => void load().catch(() => undefined);
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
        <Lent
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onPointerEnter={loadNow}
          onFocus={loadNow}
          onClick={() => change(true)}
        >
          {trigger}
        </Lent>
      )}
      {isInBrowser && wasOpen.current && (
        <Suspense>
          <DialogFrame {...content} open={isOpen} onOpenChange={change} opener={opener} />
        </Suspense>
      )}
    </>
  );
}
