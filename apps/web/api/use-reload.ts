'use client';
/** `reloadInTurn` for a component: the same function each time, which loads by the newest `load`. */
import { useRef, useState } from 'react';
import { reloadInTurn } from './reload-in-turn.ts';

export function useReload(load: () => Promise<unknown>): () => void {
  const newest = useRef(load);
  newest.current = load;
  const [reload] = useState(() => reloadInTurn(() => newest.current()));
  return reload;
}
