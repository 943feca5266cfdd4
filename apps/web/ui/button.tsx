/** The button in its five looks; `asChild` lends the look to a link. */

import * as Slot from '@radix-ui/react-slot';
import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const buttonLook = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong',
        outline: 'border border-line-strong bg-surface hover:bg-surface-muted',
        ghost: 'hover:bg-surface-muted',
        danger: 'border border-danger/50 bg-surface text-danger hover:bg-danger-soft',
        link: 'text-accent underline-offset-4 hover:underline',
      },
      size: {
        sm: 'h-7 px-2.5 text-xs',
        md: 'h-8.5 px-3 text-sm',
        icon: 'size-8.5',
        bare: '',
      },
    },
    defaultVariants: { look: 'outline', size: 'md' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonLook> & { asChild?: boolean };

export function Button({ className, look, size, asChild = false, type = 'button', ...rest }: ButtonProps) {
  if (asChild) return <Slot.Root className={classNames(buttonLook({ look, size }), className)} {...rest} />;
  return <button type={type} className={classNames(buttonLook({ look, size }), className)} {...rest} />;
}
