'use client';
/** Light or dark as the system says, or as the user chose; toasts in the same look. */
import { ThemeProvider, useTheme } from 'next-themes';
import type { ReactNode } from 'react';
import { Toaster } from 'sonner';

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
      <ThemedToaster />
    </ThemeProvider>
  );
}

function ThemedToaster() {
  const { resolvedTheme } = useTheme();
  return <Toaster theme={resolvedTheme === 'dark' ? 'dark' : 'light'} position="bottom-right" closeButton />;
}
