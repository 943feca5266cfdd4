'use client';
/** A part of a page that its first sight does not need: it is loaded when it is first drawn, or before, on request. */
import {
  type ComponentType,
  createElement,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useState,
} from 'react';
import { afterFirstSight } from './first-sight.ts';

type LaterPart<Props> = ((props: Props) => ReactNode) & {
  /** Before it is drawn. Once it is there, it is drawn without a moment of anything else. */
  load(): Promise<unknown>;
};

/** `meanwhile` stands in its place while it is being loaded. */
export function loadLater<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): LaterPart<Props> {
  let loaded: ComponentType<Props> | null = null;
  const loadOnce = async () => {
    loaded = await load();
    return { default: loaded };
  };
  const lazyPart = lazy(loadOnce);
  const find = () => loaded ?? lazyPart;
  const draw = (props: Props) => createElement(LoadedPart<Props>, { find, props, meanwhile });
  return Object.assign(draw, { load: loadOnce });
}

type LoadedPartProps<Props extends object> = {
  find: () => ComponentType<Props>;
  props: Props;
  meanwhile: ReactNode;
};

function LoadedPart<Props extends object>({ find, props, meanwhile }: LoadedPartProps<Props>) {
  // As it was found when it was first drawn: another one would begin again.
  const [part] = useState(find);
  return createElement(Suspense, { fallback: meanwhile }, createElement(part, props));
}

/** The same for what a page will want as soon as it has its data: asked for at once, so that both are on their way together. */
export function loadSoon<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): LaterPart<Props> {
  const part = loadLater(load, meanwhile);
  // What fails here is said where it is drawn.
  if (typeof window !== 'undefined') part.load().catch(() => undefined);
  return part;
}

/** Loads what a page will probably want, once it has shown itself and has nothing else to do: then it is there when it is wanted. */
export function useLoadedWhenIdle(load: () => Promise<unknown>): void {
  useEffect(() => afterFirstSight(() => void load().catch(() => undefined)), [load]);
}
