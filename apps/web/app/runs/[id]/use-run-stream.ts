'use client';
/** The live state of one run. The only subscription of the run page; redraws at most once a frame. */
import { useEffect, useState } from 'react';
import { useApi } from '../../../api/api-provider.tsx';
import { followRun, type RunStreamItem } from '../../../run/follow-run.ts';
import { addToStream, EMPTY_STREAM, type RunStreamState } from './run-stream-state.ts';

type RunStreamOptions = {
  runId: string;
  /** The run's status changed or it was evaluated: what the page queried is out of date. */
  onMoved: () => void;
};

export function useRunStream({
  runId,
  onMoved,
}: RunStreamOptions): RunStreamState & { error: string | null } {
  const { live } = useApi();
  const [state, setState] = useState(EMPTY_STREAM);
  const [error, setError] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback is no reason to replay the whole run
  useEffect(() => {
    if (!live) return;
    let waiting: RunStreamItem[] = [];
    let frame = 0;
    function flush() {
      const items = waiting;
      waiting = [];
      frame = 0;
      setState((known) => addToStream(known, items));
      if (items.some((item) => item.__typename === 'RunEvent' && isMove(item.kind))) onMoved();
    }
    setState(EMPTY_STREAM);
    const stop = followRun({
      live,
      runId,
      after: 0,
      onItem: (item) => {
        waiting.push(item);
        frame ||= requestAnimationFrame(flush);
      },
      onError: setError,
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [live, runId]);
  return { ...state, error };
}

function isMove(kind: string): boolean {
  return kind === 'STATUS' || kind === 'EVALUATION';
}
