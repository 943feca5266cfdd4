'use client';
/**
 * What all charts of a page share: the part of the axis that is shown and the smoothing, both in the address, and the place
 * under the cursor, which changes with every move of the pointer and draws no page again.
 */
import { useQueryStates } from 'nuqs';
import { createContext, type ReactNode, use, useMemo, useState, useSyncExternalStore } from 'react';
import { CURVES_PARAMETERS } from '../../address/page-addresses.ts';
import type { PlaceRange } from './plotted-curve.ts';
import { SMOOTHING_MAX } from './smooth-curve.ts';

/** `owner`: the chart that the pointer is on, or whose keys moved it. */
type Cursor = { place: number; owner: string };

type CursorStore = {
  get: () => Cursor | null;
  set: (next: Cursor | null) => void;
  subscribe: (listener: () => void) => () => void;
};

type CurvesScope = {
  range: PlaceRange | null;
  setRange: (range: PlaceRange | null) => void;
  smoothing: number;
  setSmoothing: (smoothing: number) => void;
  cursor: CursorStore;
};

const ScopeContext = createContext<CurvesScope | null>(null);

export function CurvesScopeProvider({ children }: { children: ReactNode }) {
  const [{ from, to, smoothing }, setParameters] = useQueryStates(CURVES_PARAMETERS);
  const [cursor] = useState(createCursorStore);
  const scope = useMemo(
    () => ({
      range: from !== null && to !== null && to > from ? { from, to } : null,
      setRange: (range: PlaceRange | null) =>
        void setParameters({ from: range?.from ?? null, to: range?.to ?? null }),
      smoothing: Math.min(SMOOTHING_MAX, Math.max(0, smoothing)),
      setSmoothing: (next: number) => void setParameters({ smoothing: next || null }),
      cursor,
    }),
    [from, to, smoothing, setParameters, cursor],
  );
  return <ScopeContext value={scope}>{children}</ScopeContext>;
}

/** Only below CurvesScopeProvider. */
export function useCurvesScope(): CurvesScope {
  const scope = use(ScopeContext);
  if (!scope) throw new Error('useCurvesScope is called outside CurvesScopeProvider.');
  return scope;
}

/** The place under the cursor of any chart of the page; null where it is on none. */
export function useCursorPlace(): number | null {
  const { cursor } = useCurvesScope();
  return useSyncExternalStore(
    cursor.subscribe,
    () => cursor.get()?.place ?? null,
    () => null,
  );
}

function createCursorStore(): CursorStore {
  let current: Cursor | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(next) {
      if (next?.place === current?.place && next?.owner === current?.owner) return;
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
