/** What a key means where it is pressed, and how it is called. */

/** What is typed into is no place for keys that are letters. */
export function isTypedInto(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

/** How a key is called on this machine. */
export function nameKey(key: string, isMac: boolean): string {
  if (key === 'Mod') return isMac ? '⌘' : 'Ctrl';
  return key;
}
