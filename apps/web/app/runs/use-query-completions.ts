'use client';
/** What may come next in the filter line at the caret, which of it is marked, and the line with it put in. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { RunQueryCompletionsDocument } from '../../graphql/generated/graphql.ts';

/** More do not fit under the line; typing narrows them. */
const SHOWN = 8;
/** Whoever types on, or presses Enter, waits for no completions, and nothing else waits behind them. */
const TYPING_PAUSE_MS = 60;

export type Caret = { text: string; at: number };

/** `caret` is null while nothing is to be offered. */
export function useQueryCompletions(caret: Caret | null) {
  const [asked, setAsked] = useState<Caret | null>(null);
  useEffect(() => {
    if (!caret) return setAsked(null);
    const timer = setTimeout(() => setAsked(caret), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [caret]);
  const { data } = useQuery(RunQueryCompletionsDocument, {
    variables: asked ?? { text: '', at: 0 },
    skip: !asked,
  });
  const [marked, setMarked] = useState<number | null>(null);
  const found = caret !== null && caret === asked ? data?.completeRunQuery : undefined;
  const choices = found?.completions.slice(0, SHOWN) ?? [];
  const place = marked !== null && marked < choices.length ? marked : null;
  return {
    choices,
    marked: place,
    unmark: () => setMarked(null),
    /** One further, round from the end to the start. */
    mark(step: 1 | -1) {
      if (choices.length === 0) return;
      setMarked(
        place === null
          ? step === 1
            ? 0
            : choices.length - 1
          : (place + step + choices.length) % choices.length,
      );
    },
    /** The line with this choice in the place of what is typed of it, and where the caret stands then. */
    complete(choice: number): Caret | null {
      const chosen = choices[choice];
      if (!caret || !found || !chosen) return null;
      const before = `${caret.text.slice(0, found.from)}${chosen.text} `;
      return { text: before + caret.text.slice(found.to).trimStart(), at: before.length };
    },
  };
}
