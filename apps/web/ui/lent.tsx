/**
 * Draws its one child with properties of the one around it: a button's look on a link, what opens a window on the button that is
 * given for it. What the child says itself holds; of what both listen to both hear, the child first.
 */
import { type ComponentProps, cloneElement, type ReactElement, type Ref, useCallback } from 'react';

type Props = Readonly<Record<string, unknown>>;
type LentProps = ComponentProps<'button'> & { 'data-state'?: string };
/** Of whatever the child is. */
type Given = Ref<HTMLButtonElement>;

export function Lent({ children, ref, ...lent }: LentProps) {
  const child = children as ReactElement<Props & { ref?: Given }>;
  const own = child.props.ref;
  const both = useCallback(
    (element: HTMLButtonElement | null) => {
      const leave = [ref, own].map((one) => giveRef(one, element));
      return () => {
        for (const one of leave) one();
      };
    },
    [ref, own],
  );
  return cloneElement(child, { ...joinProps(lent, child.props), ref: ref && own ? both : (ref ?? own) });
}

function joinProps(lent: Props, own: Props): Props {
  const joined: Record<string, unknown> = { ...lent, ...own };
  for (const [name, value] of Object.entries(own)) {
    const other = lent[name];
    if (other === undefined) continue;
    if (name === 'className') joined[name] = [other, value].filter(Boolean).join(' ');
    else if (name === 'style') joined[name] = { ...(other as object), ...(value as object) };
    else if (isHandler(other) && isHandler(value))
      joined[name] = (...heard: unknown[]) => {
        value(...heard);
        other(...heard);
      };
    else if (value === undefined) joined[name] = other;
  }
  return joined;
}

function isHandler(value: unknown): value is (...heard: unknown[]) => unknown {
  return typeof value === 'function';
}

/** Returns how to take it back. */
function giveRef(ref: Given | undefined, element: HTMLButtonElement | null): () => void {
  if (typeof ref === 'function') {
    const leave = ref(element);
    return typeof leave === 'function' ? leave : () => void ref(null);
  }
  if (ref) ref.current = element;
  return () => {
    if (ref) ref.current = null;
  };
}
