'use client';
/**
 * Shows what ended while the tab is out of sight: in the tab's title until somebody looks at it, and as the browser's own
 * notification where it allows that. A tab in sight stays silent.
 */
import type { Notice } from './watch-work.ts';

export type NoticeBoard = {
  show(notices: readonly Notice[]): void;
  close(): void;
};

/** `onOpen`: a notification was clicked. */
export function openNoticeBoard(onOpen: (href: string) => void): NoticeBoard {
  let count = 0;
  let title: string | null = null;
  const look = () => {
    if (document.visibilityState !== 'visible') return;
    if (title !== null) document.title = title;
    count = 0;
    title = null;
  };
  document.addEventListener('visibilitychange', look);
  return {
    show(notices) {
      const last = notices.at(-1);
      if (document.visibilityState === 'visible' || !last) return;
      count += notices.length;
      title ??= document.title;
      document.title = `(${count}) ${last.title}`;
      for (const notice of notices) notify(notice, onOpen);
    },
    close() {
      document.removeEventListener('visibilitychange', look);
      if (title !== null) document.title = title;
    },
  };
}

/** By its key, so that several tabs of this browser show one. */
function notify({ key, title, body, href }: Notice, onOpen: (href: string) => void): void {
  if (!canNotify()) return;
  const shown = new Notification(title, { body, tag: `microtome ${key}` });
  shown.onclick = () => {
    window.focus();
    onOpen(href);
    shown.close();
  };
}

function canNotify(): boolean {
  return typeof Notification !== 'undefined' && Notification.permission === 'granted';
}

/** Asks the browser, which asks the person. A sentence where it will show none. */
export async function askToNotify(): Promise<string | null> {
  if (typeof Notification === 'undefined')
    return 'This browser shows no notifications for this address; the title of the tab tells what ended.';
  if ((await Notification.requestPermission()) === 'granted') return null;
  return 'The browser was told to show no notifications of this address; the title of the tab tells what ended.';
}
