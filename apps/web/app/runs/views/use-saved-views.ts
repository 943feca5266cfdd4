'use client';
/** The saved views, which of them is open, and the one that the page begins with where its address says nothing else. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { linkToRuns, type RunSearch } from '../../../address/page-addresses.ts';
import { type SavedViewFactsFragment, SavedViewsDocument } from '../../../graphql/generated/graphql.ts';
import { findMeantView, isViewChanged, readViewAddress } from './view-address.ts';

/** Shows what a view keeps, in place of everything that the address says. */
export type OpenView = (search: RunSearch, history: 'push' | 'replace') => void;

export type SavedViews = {
  views: readonly SavedViewFactsFragment[];
  /** The one that the address names. */
  open: SavedViewFactsFragment | null;
  /** Whether the page shows something else than the open one keeps. */
  isChanged: boolean;
  /** The address names one that is not there. */
  isMissing: boolean;
  /** Whether it is known by what view the page begins. */
  isSettled: boolean;
  refetch: () => unknown;
};

export function useSavedViews(search: RunSearch, onOpen: OpenView): SavedViews {
  const { data, error, refetch } = useQuery(SavedViewsDocument);
  const views = data?.savedViews;
  const link = linkToRuns(search);
  const [first] = useState(link);
  const [hasBegun, setBegun] = useState(false);
  // What was done on the page while the views were on their way goes before them.
  const meant = views && !hasBegun && link === first ? findMeantView(views, search) : null;
  useEffect(() => {
    if (!views || hasBegun) return;
    setBegun(true);
    if (meant) onOpen(readViewAddress(meant), 'replace');
  }, [views, hasBegun, meant, onOpen]);
  const open = views?.find(({ id }) => id === search.view) ?? null;
  return {
    views: views ?? [],
    open,
    isChanged: open !== null && isViewChanged(open, search),
    isMissing: views !== undefined && search.view !== '' && open === null,
    isSettled: hasBegun || error !== undefined,
    refetch,
  };
}
