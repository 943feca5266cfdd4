/** A small label in one of the tones that carry meaning. */
import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const badgeLook = cva(
  'inline-flex items-center gap-1 rounded-sm border px-1.5 py-px text-xs font-medium whitespace-nowrap [&_svg]:size-3',
  {
    variants: {
      tone: {
        neutral: 'border-line bg-surface-muted text-muted-foreground',
        accent: 'border-accent/30 bg-accent-soft text-accent',
        good: 'border-good/30 bg-good-soft text-good',
        caution: 'border-caution/30 bg-caution-soft text-caution',
        danger: 'border-danger/40 bg-danger-soft text-danger',
        outline: 'border-line-strong text-foreground',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type BadgeTone = NonNullable<VariantProps<typeof badgeLook>['tone']>;

export function Badge({ className, tone, ...rest }: ComponentProps<'span'> & { tone?: BadgeTone }) {
  return <span className={classNames(badgeLook({ tone }), className)} {...rest} />;
}
