'use client';
/**
 * Where the focus was when a dialog opened, so that it goes back there when it closes. An entry of a menu is gone by then:
 * the button of its menu stands for it.
 */
import { type RefObject, useRef } from 'react';

/** Read while the dialog is first drawn: the entry of a menu is still there then. */
export function useOpener(isOpen: boolean): RefObject<HTMLElement | null> {
  const opener = useRef<HTMLElement | null>(null);
  const wasOpen = useRef(false);
  if (isOpen && !wasOpen.current) opener.current = findOpener();
  wasOpen.current = isOpen;
  return opener;
}

function findOpener(): HTMLElement | null {
  const active = globalThis.document?.activeElement;
  const menu = active?.closest('[role="menu"]');
  const button = menu && document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  const found = button ?? active;
  return found instanceof HTMLElement && found !== document.body ? found : null;
}
