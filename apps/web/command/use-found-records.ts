'use client';
/** Asks the server for records with a text, once the typing rests for a moment. A page that asks for nothing finds none. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useConnectionState } from '../api/api-provider.tsx';
import { describeError } from '../api/error-sentence.ts';
import { FindRecordsDocument } from '../graphql/generated/graphql.ts';
import type { Entry } from './entry.ts';
import { entryOfFound } from './found-entries.ts';

const REST_MS = 120;

type FoundRecords = { entries: Entry[]; isSearching: boolean; refusal: string | null };

export function useFoundRecords(typed: string): FoundRecords {
  const text = typed.trim();
  const rested = useRested(text);
  const isResting = useConnectionState() === 'resting';
  const skip = rested === '' || text === '' || isResting;
  const { data, error, loading, previousData } = useQuery(FindRecordsDocument, {
    variables: { text: rested },
    skip,
    // A patient of two datasets is one id with two places.
    fetchPolicy: 'no-cache',
  });
  if (skip) return { entries: [], isSearching: text !== '' && !isResting, refusal: null };
  const found = data ?? (loading ? previousData : undefined);
  return {
    entries: (found?.findRecords ?? []).map(entryOfFound),
    isSearching: loading || rested !== text,
    refusal: error ? describeError(error) : null,
  };
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
