'use client';
/**
 * How the charts of an experiment are arranged: a change is seen at once and kept for all who look at them, one after the
 * other. Where someone else was faster, theirs is shown and a sentence says so.
 */
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { readName } from '../../access/kept-name.ts';
import { describeError } from '../../api/error-sentence.ts';
import {
  ArrangeChartsDocument,
  ChartArrangementDocument,
  ChartSection,
} from '../../graphql/generated/graphql.ts';
import { toast } from '../../ui/toast.ts';
import type { Layout } from './layout-edits.ts';

export type Arranged = {
  layout: Layout;
  /** Keeps a change where that may be done, else shows it until the page is left. */
  change: (edit: (layout: Layout) => Layout) => void;
  mayChange: boolean;
};

const FIRST_LAYOUT: Layout = { panels: [], folded: [ChartSection.Further, ChartSection.Machine] };

export function useChartArrangement(experimentId: string): Arranged {
  const client = useApolloClient();
  const { data } = useQuery(ChartArrangementDocument, { variables: { id: experimentId } });
  const kept = data?.experiment?.chartArrangement;
  const [changed, setChanged] = useState<Layout | null>(null);
  // `refusals`: what was changed before one was based on an arrangement that is no more.
  const saving = useRef({ last: Promise.resolve(), waiting: 0, refusals: 0 });
  const newest = useRef<Layout>(FIRST_LAYOUT);
  const layout = changed ?? kept ?? FIRST_LAYOUT;
  newest.current = layout;

  async function save(wanted: Layout, refusals: number): Promise<void> {
    try {
      if (refusals < saving.current.refusals) return;
      const read = await client.query({ query: ChartArrangementDocument, variables: { id: experimentId } });
      const version = read.data?.experiment?.chartArrangement.version ?? 0;
      await client.mutate({
        mutation: ArrangeChartsDocument,
        variables: {
          input: { experimentId, version, ...toInput(wanted), changedBy: readName() || undefined },
        },
      });
    } catch (error) {
      saving.current.refusals += 1;
      toast.error(describeError(error), { duration: 10_000 });
      const variables = { id: experimentId };
      await client
        .query({ query: ChartArrangementDocument, variables, fetchPolicy: 'network-only' })
        .catch(() => null);
    } finally {
      saving.current.waiting -= 1;
      // What was kept is in the cache by now.
      if (saving.current.waiting === 0) setChanged(null);
    }
  }

  function change(edit: (layout: Layout) => Layout): void {
    const wanted = edit(newest.current);
    newest.current = wanted;
    setChanged(wanted);
    if (!kept?.mayChange) return;
    const { refusals } = saving.current;
    saving.current.waiting += 1;
    saving.current.last = saving.current.last.then(() => save(wanted, refusals));
  }

  return { layout, change, mayChange: kept?.mayChange ?? false };
}

function toInput({ panels, folded }: Layout) {
  return {
    folded: [...folded],
    panels: panels.map(({ key, title, names, pattern, isLog, isHidden }) => ({
      key,
      title,
      names: [...names],
      pattern,
      isLog,
      isHidden,
    })),
  };
}
