'use client';
/** The analyser's worker as a page uses it: a model in it, what it says, and how it is asked and stopped. */
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type {
  AnalysedFile,
  AnalysisOptions,
  EngineChoice,
  FromWorker,
  Progress,
  RefusedFile,
  ToWorker,
} from '../../analyser/messages.ts';
import { useApi } from '../../api/api-provider.tsx';
import { describeError } from '../../api/error-sentence.ts';
import type { DroppedFile } from '../../files/read-dropped.ts';

export type AnalyserState = {
  /** `unusable` has a reason. */
  phase: 'loading' | 'ready' | 'busy' | 'unusable';
  reason: string | null;
  opened: Extract<FromWorker, { kind: 'opened' }> | null;
  progress: Progress | null;
  analysed: readonly AnalysedFile[];
  refused: readonly RefusedFile[];
  finished: Extract<FromWorker, { kind: 'finished' }> | null;
};

type Action = FromWorker | { kind: 'loading' } | { kind: 'asked' };

const EMPTY = { progress: null, analysed: [], refused: [], finished: null };
const FIRST: AnalyserState = { phase: 'loading', reason: null, opened: null, ...EMPTY };

function reduce(state: AnalyserState, action: Action): AnalyserState {
  switch (action.kind) {
    case 'loading':
      return FIRST;
    case 'asked':
      return { ...state, ...EMPTY, phase: 'busy' };
    case 'opened':
      return { ...state, phase: 'ready', opened: action };
    case 'unusable':
      return { ...state, phase: 'unusable', reason: action.reason };
    case 'news':
      return {
        ...state,
        progress: action.progress,
        analysed: [...state.analysed, ...action.analysed],
        refused: [...state.refused, ...action.refused],
      };
    case 'finished':
      return { ...state, phase: 'ready', finished: action };
  }
}

type Wanted = { modelUrl: string; patchSizePx: number; engine: EngineChoice };

/** Loads the model, once for each address and engine. From then on nothing is asked of any server. */
export function useAnalyser({ modelUrl, patchSizePx, engine }: Wanted) {
  const { rest } = useApi();
  const [state, dispatch] = useReducer(reduce, FIRST);
  const workerRef = useRef<Worker | null>(null);
  useEffect(() => {
    dispatch({ kind: 'loading' });
    const leaving = new AbortController();
    const worker = new Worker(new URL('../../analyser/worker/analyser-worker.ts', import.meta.url), {
      type: 'module',
    });
    workerRef.current = worker;
    // One that is ended while it starts may complain of that.
    const { signal } = leaving;
    const hear = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'opened') rest();
      dispatch(data);
    };
    const fail = ({ message }: ErrorEvent) =>
      dispatch({ kind: 'unusable', reason: message || 'Its worker could not be started.' });
    worker.addEventListener('message', hear, { signal });
    worker.addEventListener('error', fail, { signal });
    void loadModel(modelUrl, signal).then(
      (model) => send(worker, { kind: 'open', model, patchSizePx, engine }, [model]),
      (error) => {
        if (!signal.aborted) dispatch({ kind: 'unusable', reason: describeError(error) });
      },
    );
    return () => {
      leaving.abort();
      worker.terminate();
    };
  }, [modelUrl, patchSizePx, engine, rest]);
  const analyse = useCallback((files: readonly DroppedFile[], options: AnalysisOptions) => {
    if (!workerRef.current || files.length === 0) return;
    dispatch({ kind: 'asked' });
    send(workerRef.current, { kind: 'analyse', files, options });
  }, []);
  const cancel = useCallback(() => workerRef.current && send(workerRef.current, { kind: 'cancel' }), []);
  return { state, analyse, cancel };
}

function send(worker: Worker, message: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

async function loadModel(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { credentials: 'include', signal });
  if (response.ok) return response.arrayBuffer();
  const answer = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Error(answer?.error?.message ?? `The API answered with HTTP status ${response.status}.`);
}
