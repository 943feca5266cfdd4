'use client';
/** Asks about a text as soon as it is there or read otherwise. The text, which may be long, is kept in no cache. */
import type { TypedDocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { describeError } from './error-sentence.ts';

type Asked<Data> = { data: Data | null; refusal: string | null; busy: boolean };

const NOTHING = { data: null, refusal: null, busy: false };

export function useUncachedQuery<Data, Variables extends Record<string, unknown>>(
  query: TypedDocumentNode<Data, Variables>,
): Asked<Data> & { ask: (variables: Variables | null) => Promise<void> } {
  const client = useApolloClient();
  const [asked, setAsked] = useState<Asked<Data>>(NOTHING);
  const newest = useRef(0);
  /** Null forgets what was asked. Of several questions only the newest is answered. */
  async function ask(variables: Variables | null) {
    newest.current += 1;
    const own = newest.current;
    const answer = (next: Asked<Data>) => own === newest.current && setAsked(next);
    if (!variables) {
      answer(NOTHING);
      return;
    }
    answer({ data: null, refusal: null, busy: true });
    try {
      const { data } = await client.query<Data, Variables>({
        query,
        variables,
        fetchPolicy: 'no-cache',
      } as never);
      answer({ data: (data as Data) ?? null, refusal: null, busy: false });
    } catch (error) {
      answer({ data: null, refusal: describeError(error), busy: false });
    }
  }
  return { ...asked, ask };
}
