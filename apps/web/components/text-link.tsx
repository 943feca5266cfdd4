/** A link inside text or a table cell. */
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from '../ui/class-names.ts';

export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={classNames(
        'font-medium text-foreground decoration-accent underline-offset-3 hover:text-accent hover:underline',
        className,
      )}
      {...rest}
    />
  );
}
