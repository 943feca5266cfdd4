'use client';
/** A link inside text or a table cell. */
import type { ComponentProps } from 'react';
import { classNames } from '../ui/class-names.ts';
import { LaterLink } from './later-link.tsx';

export function TextLink({ className, ...rest }: ComponentProps<typeof LaterLink>) {
  return (
    <LaterLink
      className={classNames(
        'font-medium text-foreground decoration-accent underline-offset-3 hover:text-accent hover:underline',
        className,
      )}
      {...rest}
    />
  );
}
