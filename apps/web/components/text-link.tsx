'use client';
/**
 * A link inside text or a table cell. Its page is fetched ahead once it is pointed at: a table has dozens of links, and most
 * of them are never followed.
 */
import Link from 'next/link';
import { type ComponentProps, useState } from 'react';
import { classNames } from '../ui/class-names.ts';

export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  const [isWanted, setWanted] = useState(false);
  const want = () => setWanted(true);
  return (
    <Link
      prefetch={isWanted ? null : false}
      onPointerEnter={want}
      onFocus={want}
      className={classNames(
        'font-medium text-foreground decoration-accent underline-offset-3 hover:text-accent hover:underline',
        className,
      )}
      {...rest}
    />
  );
}
