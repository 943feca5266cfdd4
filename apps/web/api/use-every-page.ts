'use client';
/** Fetches all pages of a connection, one after the other: for charts that must show every patient. */
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
    // When a page fails, the chart keeps what it has; the banner says that the API does not answer.
    fetchAfter(cursor)
      .catch(() => undefined)
      .finally(() => {
        fetching.current = false;
      });
  }, [cursor, fetchAfter]);
}
