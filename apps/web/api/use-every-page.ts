'use client';
/** Fetches page after page of a connection until it is whole: for charts that must show everybody. */
import { useEffect, useRef } from 'react';

type PageInfo = { hasNextPage: boolean; endCursor?: string | null };

export function useEveryPage(
  pageInfo: PageInfo | undefined,
  fetchAfter: (cursor: string) => Promise<unknown>,
): void {
  const fetching = useRef(false);
  const cursor = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
  useEffect(() => {
    if (!cursor || fetching.current) return;
    fetching.current = true;
    // A page that fails leaves the chart with what it has; the page's banner says that the API is away.
    fetchAfter(cursor)
      .catch(() => undefined)
      .finally(() => {
        fetching.current = false;
      });
  }, [cursor, fetchAfter]);
}
