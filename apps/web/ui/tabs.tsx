'use client';
/** Tabs on Radix, underlined; arrow keys move between them. */
import * as Primitive from '@radix-ui/react-tabs';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export const Tabs = Primitive.Root;

export function TabList({ className, ...rest }: ComponentProps<typeof Primitive.List>) {
  return (
    <Primitive.List
      className={classNames('flex gap-1 overflow-x-auto border-b border-line', className)}
      {...rest}
    />
  );
}

export function Tab({ className, ...rest }: ComponentProps<typeof Primitive.Trigger>) {
  return (
    <Primitive.Trigger
      className={classNames(
        '-mb-px border-b-2 border-transparent px-3 py-2 text-sm font-medium whitespace-nowrap text-muted-foreground hover:text-foreground data-[state=active]:border-accent data-[state=active]:text-foreground',
        className,
      )}
      {...rest}
    />
  );
}

type TabPanelProps = ComponentProps<typeof Primitive.Content> & {
  /** Once seen it stays, hidden while another is shown: for what takes long to draw. */
  isKept?: boolean;
};

export function TabPanel({ className, isKept = false, ...rest }: TabPanelProps) {
  return (
    <Primitive.Content
      className={classNames('pt-4 outline-none data-[state=inactive]:hidden', className)}
      {...(isKept ? { forceMount: true } : {})}
      {...rest}
    />
  );
}
