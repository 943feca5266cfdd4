'use client';
/** Tabs, underlined; arrow keys, Home and End move between them, and what they move to is shown. */
import { type ComponentProps, createContext, type KeyboardEvent, type MouseEvent, use, useId } from 'react';
import { classNames } from './class-names.ts';

type Shown = { id: string; value: string; show: (value: string) => void };

const TabsContext = createContext<Shown | null>(null);

type TabsProps = Omit<ComponentProps<'div'>, 'onChange'> & {
  value: string;
  onValueChange: (value: string) => void;
};

export function Tabs({ value, onValueChange, ...rest }: TabsProps) {
  const id = useId();
  return (
    <TabsContext value={{ id, value, show: onValueChange }}>
      <div {...rest} />
    </TabsContext>
  );
}

/** What is in a tab's place of its value `value`: the ids of both name each other. */
function usePlace(value: string) {
  const shown = use(TabsContext);
  if (!shown) throw new Error('A tab stands outside Tabs.');
  const isShown = shown.value === value;
  return {
    isShown,
    show: () => !isShown && shown.show(value),
    tabId: `${shown.id}-tab-${value}`,
    panelId: `${shown.id}-panel-${value}`,
    state: isShown ? 'active' : 'inactive',
  };
}

export function TabList({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      role="tablist"
      className={classNames('flex gap-1 overflow-x-auto border-b border-line', className)}
      onKeyDown={moveByKey}
      {...rest}
    />
  );
}

function moveByKey(event: KeyboardEvent<HTMLElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.indexOf(event.target as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  tab?.focus();
  tab?.click();
}

type TabProps = ComponentProps<'button'> & { value: string };

export function Tab({ value, className, ...rest }: TabProps) {
  const { isShown, show, tabId, panelId, state } = usePlace(value);
  return (
    <button
      type="button"
      role="tab"
      id={tabId}
      aria-selected={isShown}
      aria-controls={panelId}
      data-state={state}
      tabIndex={isShown ? 0 : -1}
      // As soon as the button is down; by keys and readers it is clicked.
      onMouseDown={({ button, ctrlKey }: MouseEvent) => button === 0 && !ctrlKey && show()}
      onClick={show}
      className={classNames(
        '-mb-px border-b-2 border-transparent px-3 py-2 text-sm font-medium whitespace-nowrap text-muted-foreground hover:text-foreground data-[state=active]:border-accent data-[state=active]:text-foreground',
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
  const { isShown, tabId, panelId, state } = usePlace(value);
  return (
    <div
      role="tabpanel"
      id={panelId}
      aria-labelledby={tabId}
      data-state={state}
      hidden={!isShown}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its text is reached and scrolled by keys
      tabIndex={0}
      className={classNames('pt-4 outline-none data-[state=inactive]:hidden', className)}
      {...rest}
    >
      {(isShown || isKept) && children}
    </div>
  );
}
