'use client';
/** Light or dark as the system says, or as the user chose; toasts in the same look. */
import { ThemeProvider } from 'next-themes';
import { type ReactNode, useEffect, useState } from 'react';
import { loadLater } from '../ui/load-later.tsx';
import { onFirstToast } from '../ui/toast.ts';

const Toaster = loadLater(async () => (await import('./toaster.tsx')).Toaster);

type ThemeFrameProps = {
  /** Lets the script run that sets the theme before anything is drawn. */
  nonce: string | undefined;
  children: ReactNode;
};

export function ThemeFrame({ nonce, children }: ThemeFrameProps) {
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      nonce={nonce}
    >
      {children}
      <LaterToaster />
    </ThemeProvider>
  );
}

function LaterToaster() {
  const [isWanted, setWanted] = useState(false);
  useEffect(() => onFirstToast(() => setWanted(true)), []);
  return isWanted && <Toaster />;
}
