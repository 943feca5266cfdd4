'use client';
/** A menu of actions behind one button, on Radix. */
import * as Primitive from '@radix-ui/react-dropdown-menu';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

type MenuProps = {
  trigger: ReactNode;
  align?: 'start' | 'end';
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
};

export function Menu({ trigger, align, onOpenChange, children }: MenuProps) {
  return (
    <Primitive.Root onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <MenuContent align={align}>{children}</MenuContent>
    </Primitive.Root>
  );
}

export function MenuContent({ align = 'end', children, ...rest }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        align={align}
        sideOffset={4}
        className="z-50 min-w-44 rounded-md border border-line-strong bg-surface p-1 shadow-lg"
        {...rest}
      >
        {children}
      </Primitive.Content>
    </Primitive.Portal>
  );
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item
      className={classNames(
        'flex cursor-pointer items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none data-disabled:cursor-not-allowed data-disabled:opacity-50 data-highlighted:bg-surface-muted [&_svg]:size-4',
        className,
      )}
      {...rest}
    />
  );
}

export function MenuLine() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}
