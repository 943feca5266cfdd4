'use client';
/**
 * A menu of actions behind one button. The menu itself, on Radix, is loaded when its button is first pointed at or reached by
 * keys: a page has many such buttons, and shows itself without them.
 */
import {
  type ComponentProps,
  createContext,
  type KeyboardEvent,
  type ReactNode,
  use,
  useId,
  useRef,
  useState,
} from 'react';
import { Lent } from './lent.tsx';
import type * as MenuParts from './menu-parts.tsx';

type Parts = typeof MenuParts;

type MenuProps = {
  trigger: ReactNode;
  align?: 'start' | 'end';
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
};

/** The parts of the menu that is open. */
const PartsContext = createContext<Parts | null>(null);
/** Once for the whole page. */
let loaded: Parts | null = null;

async function loadParts(): Promise<Parts> {
  loaded ??= await import('./menu-parts.tsx');
  return loaded;
}

export function Menu({ trigger, align, onOpenChange, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [parts, setParts] = useState<Parts | null>(null);
  const [opened, setOpened] = useState<'BY_KEY' | 'BY_POINTER' | null>(null);
  async function prepare() {
    if (!parts) setParts(await loadParts());
  }
  async function open(how: 'BY_KEY' | 'BY_POINTER') {
    await prepare();
    setOpened(how);
    onOpenChange?.(true);
  }
  function close() {
    setOpened(null);
    onOpenChange?.(false);
  }
  return (
    <>
      <Lent
        ref={button}
        id={id}
        aria-haspopup="menu"
        aria-expanded={opened !== null}
        data-state={opened ? 'open' : 'closed'}
        onPointerEnter={prepare}
        onFocus={prepare}
        // A key that presses a button makes a click without a place.
        onClick={(event) => void open(event.detail === 0 ? 'BY_KEY' : 'BY_POINTER')}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          void open('BY_KEY');
        }}
      >
        {trigger}
      </Lent>
      {parts && opened && (
        <PartsContext value={parts}>
          <parts.MenuFrame
            button={button.current}
            align={align}
            isByKey={opened === 'BY_KEY'}
            onClose={close}
          >
            {children}
          </parts.MenuFrame>
        </PartsContext>
      )}
    </>
  );
}

/** A menu at the place of a button that others open it by. */
export function PlacedMenu(props: ComponentProps<Parts['MenuFrame']>) {
  const [parts, setParts] = useState(loaded);
  if (!parts) {
    void loadParts().then(setParts);
    return null;
  }
  return (
    <PartsContext value={parts}>
      <parts.MenuFrame {...props} />
    </PartsContext>
  );
}

/** Only in a menu, as all below. */
export function MenuItem(props: ComponentProps<Parts['Item']>) {
  const parts = use(PartsContext);
  return parts && <parts.Item {...props} />;
}

export function MenuLine() {
  const parts = use(PartsContext);
  return parts && <parts.Line />;
}
