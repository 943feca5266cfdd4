'use client';
/** Says in a corner of the page what became of an act. What shows it is loaded with the first sentence. */

type Options = { duration?: number };
type Kind = 'success' | 'error' | 'info';

/** By the frame of the page, once it is there. */
let show: (() => void) | null = null;
let isWanted = false;
let tellOpen: () => void;
const opened = new Promise<void>((resolve) => {
  tellOpen = resolve;
});

export const toast = {
  success: (text: string, options?: Options) => void say('success', text, options),
  error: (text: string, options?: Options) => void say('error', text, options),
  info: (text: string, options?: Options) => void say('info', text, options),
};

async function say(kind: Kind, text: string, options?: Options): Promise<void> {
  isWanted = true;
  show?.();
  const [library] = await Promise.all([import('sonner'), opened]);
  library.toast[kind](text, options);
}

/** `onWanted`: there is something to show. Returns how to stop. */
export function onFirstToast(onWanted: () => void): () => void {
  show = onWanted;
  if (isWanted) onWanted();
  return () => {
    show = null;
  };
}

/** From now on what is said is seen. */
export function openToasts(): void {
  tellOpen();
}
