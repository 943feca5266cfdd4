'use client';
/** The first line of a comparison: what was found, in one sentence of the API. */
import { Scale } from 'lucide-react';

/** Null while pairs are being tested; the cards below say what failed. */
export function ComparedVerdict({ verdict }: { verdict: string | null }) {
  return (
    <section
      aria-label="Verdict"
      aria-busy={verdict === null}
      className="flex items-start gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3"
    >
      <Scale className="mt-1 size-4 shrink-0 text-muted-foreground" aria-hidden />
      <p className={verdict === null ? 'text-lg text-muted-foreground' : 'text-lg font-semibold'}>
        {verdict ?? 'Being tested …'}
      </p>
    </section>
  );
}
