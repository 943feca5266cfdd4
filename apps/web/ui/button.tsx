/** The button in its five looks; `asChild` lends the look to a link. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { Lent } from './lent.tsx';

const BUTTON =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0';
const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  outline: 'border border-line-strong bg-surface hover:bg-surface-muted',
  ghost: 'hover:bg-surface-muted',
  danger: 'border border-danger/50 bg-surface text-danger hover:bg-danger-soft',
  link: 'text-accent underline-offset-4 hover:underline',
};
const SIZES = {
  sm: 'h-7 px-2.5 text-xs',
  md: 'h-8.5 px-3 text-sm',
  icon: 'size-8.5',
  bare: '',
};

type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  asChild?: boolean;
};

export function Button({
  className,
  look = 'outline',
  size = 'md',
  asChild = false,
  type = 'button',
  ...rest
}: ButtonProps) {
  const looks = classNames(BUTTON, LOOKS[look], SIZES[size], className);
  if (asChild) {
    const { children, ...lent } = rest;
    return (
      <Lent className={looks} {...lent}>
        {children}
      </Lent>
    );
  }
  return <button type={type} className={looks} {...rest} />;
}
