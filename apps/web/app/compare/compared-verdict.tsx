'use client';
/** The first line of a comparison: what was found, in one sentence of the API. */
import { useQuery } from '@apollo/client/react';
import { Scale } from 'lucide-react';
import { ComparedPairsDocument } from '../../graphql/generated/graphql.ts';
import type { ComparisonRequest } from './comparison-request.ts';

/** The pairs below ask the same, so it is asked once; they also ask again when a run changes, and say what failed. */
export function ComparedVerdict({ request }: { request: ComparisonRequest }) {
  const query = useQuery(ComparedPairsDocument, { variables: request });
  const comparison = (query.data ?? query.previousData)?.compareRuns;
  if (query.error && !comparison) return null;
  return (
    <section
      aria-label="Verdict"
      aria-busy={!comparison}
      className="flex items-start gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3"
    >
      <Scale className="mt-1 size-4 shrink-0 text-muted-foreground" aria-hidden />
      <p className={comparison ? 'text-lg font-semibold' : 'text-lg text-muted-foreground'}>
        {comparison?.verdict ?? 'Being tested on what both were tested on …'}
      </p>
    </section>
  );
}
