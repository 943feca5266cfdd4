'use client';
/** A part of a page that its first sight does not need: it is loaded when it is first drawn, or before, on request. */
import { type ComponentType, createElement, lazy, type ReactNode, Suspense, useEffect } from 'react';
import { whenIdle } from './when-idle.ts';

/** `meanwhile` stands in its place while it is being loaded. */
export function loadLater<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): (props: Props) => ReactNode {
  const part = lazy(async () => ({ default: await load() }));
  return (props) => createElement(Suspense, { fallback: meanwhile }, createElement(part, props));
}

/** Loads what a page will probably want, once it has nothing else to do: then it is there when it is wanted. */
export function useLoadedWhenIdle(load: () => Promise<unknown>): void {
  useEffect(() => whenIdle(() => void load().catch(() => undefined)), [load]);
}
