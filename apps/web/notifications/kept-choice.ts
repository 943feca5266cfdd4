/** Whether this browser is to tell of work that ended, kept in it. A browser may refuse to keep anything. */

const KEY = 'microtome.notifications';

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function readChoice(open: () => Storage = () => localStorage): boolean {
  try {
    return open().getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

export function keepChoice(isOn: boolean, open: () => Storage = () => localStorage): void {
  try {
    if (isOn) open().setItem(KEY, 'on');
    else open().removeItem(KEY);
  } catch {
    // It holds until the page is left.
  }
}
