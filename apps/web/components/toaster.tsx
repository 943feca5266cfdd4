'use client';
/** The corner of the page where toasts are shown, in the look of the page. Loaded with the first of them. */
import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { Toaster as Corner } from 'sonner';
import { openToasts } from '../ui/toast.ts';

export function Toaster() {
  const { resolvedTheme } = useTheme();
  // The library listens by now: its own effect comes before this one.
  useEffect(openToasts, []);
  return <Corner theme={resolvedTheme === 'dark' ? 'dark' : 'light'} position="bottom-right" closeButton />;
}
