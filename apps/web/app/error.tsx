'use client';
/** Shown when drawing a page fails: the error's sentence, and a way to try again. */
import { ErrorState } from '../components/query-frame.tsx';

export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return <ErrorState error={error} onRetry={reset} />;
}
