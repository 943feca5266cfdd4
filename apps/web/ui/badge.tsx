/** A small label in one of the tones that carry meaning. */
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const BADGE =
  'inline-flex items-center gap-1 rounded-sm border px-1.5 py-px text-xs font-medium whitespace-nowrap max-sm:whitespace-normal [&_svg]:size-3';
const TONES = {
  neutral: 'border-line bg-surface-muted text-muted-foreground',
  accent: 'border-accent/30 bg-accent-soft text-accent',
  good: 'border-good/30 bg-good-soft text-good',
  caution: 'border-caution/30 bg-caution-soft text-caution',
  danger: 'border-danger/40 bg-danger-soft text-danger',
  outline: 'border-line-strong text-foreground',
};

export type BadgeTone = keyof typeof TONES;

type BadgeProps = ComponentProps<'span'> & { tone?: BadgeTone; asLink?: string };

/** With `asLink` the label leads somewhere. */
export function Badge({ className, tone = 'neutral', asLink, ...rest }: BadgeProps) {
  const look = classNames(BADGE, TONES[tone], className);
  if (!asLink) return <span className={look} {...rest} />;
  return (
    <Link href={asLink} className={classNames(look, 'hover:underline')}>
      {rest.children}
    </Link>
  );
}
