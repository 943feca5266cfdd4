'use client';
/** A part of a page that its first sight does not need: it is loaded when it is first drawn. */
import { type ComponentType, createElement, lazy, type ReactNode, Suspense } from 'react';

/** `meanwhile` stands in its place while it is being loaded. */
export function loadLater<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): (props: Props) => ReactNode {
  const part = lazy(async () => ({ default: await load() }));
  return (props) => createElement(Suspense, { fallback: meanwhile }, createElement(part, props));
}
