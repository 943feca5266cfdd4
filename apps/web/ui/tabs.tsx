'use client';
/** Tabs, underlined, by the pattern that screen readers know: arrow keys, Home and End move between them and show what they reach. */
import { type ComponentProps, createContext, type KeyboardEvent, type ReactNode, use, useId } from 'react';
import { classNames } from './class-names.ts';

type Shown = { value: string; onValueChange: (value: string) => void; id: string };

const TabsContext = createContext<Shown | null>(null);

function useShown(): Shown {
  const shown = use(TabsContext);
  if (!shown) throw new Error('A tab is drawn outside Tabs.');
  return shown;
}

type TabsProps = Omit<Shown, 'id'> & { children: ReactNode };

export function Tabs({ value, onValueChange, children }: TabsProps) {
  const id = useId();
  return <TabsContext value={{ value, onValueChange, id }}>{children}</TabsContext>;
}

export function TabList({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      role="tablist"
      aria-orientation="horizontal"
      onKeyDown={moveFocus}
      className={classNames('flex gap-1 overflow-x-auto border-b border-line', className)}
      {...rest}
    />
  );
}

/** To the tab that a key means: the next, the one before, the first, the last; round the ends. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
  const at = tabs.indexOf(event.target as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  tabs.at(to % tabs.length)?.focus();
}

export function Tab({ value, className, ...rest }: ComponentProps<'button'> & { value: string }) {
  const shown = useShown();
  const isSelected = shown.value === value;
  const select = () => {
    if (!isSelected) shown.onValueChange(value);
  };
  return (
    <button
      type="button"
      role="tab"
      id={`${shown.id}-tab-${value}`}
      aria-selected={isSelected}
      aria-controls={`${shown.id}-${value}`}
      tabIndex={isSelected ? 0 : -1}
      // A finger or a reader's click; a mouse and the keys have given it the focus before.
      onClick={select}
      onFocus={select}
      className={classNames(
        '-mb-px border-b-2 border-transparent px-3 py-2 text-sm font-medium whitespace-nowrap text-muted-foreground hover:text-foreground aria-selected:border-accent aria-selected:text-foreground',
        className,
      )}
      {...rest}
    />
  );
}

type TabPanelProps = ComponentProps<'div'> & {
  value: string;
  /** Once seen it stays, hidden while another is shown: for what takes long to draw. */
  isKept?: boolean;
};

export function TabPanel({ value, className, isKept = false, children, ...rest }: TabPanelProps) {
  const shown = useShown();
  const isShown = shown.value === value;
  return (
    <div
      role="tabpanel"
      id={`${shown.id}-${value}`}
      aria-labelledby={`${shown.id}-tab-${value}`}
      // What is read can be scrolled by keys.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel of a tab takes the focus after its tab
      tabIndex={0}
      hidden={!isShown}
      className={classNames('pt-4 outline-none', className)}
      {...rest}
    >
      {(isShown || isKept) && children}
    </div>
  );
}
