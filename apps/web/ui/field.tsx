/** Form fields: a label, its control, a hint and an error sentence, tied together for screen readers. */
import { type ComponentProps, cloneElement, type ReactElement, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

const CONTROL =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-foreground placeholder:text-muted-foreground/80 disabled:opacity-50 aria-invalid:border-danger';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={classNames(CONTROL, 'h-8.5', className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(CONTROL, 'min-h-18 py-1.5', className)} {...rest} />;
}

/** The browser's own select: keyboard, screen readers and phones know it. It keeps room for its arrow by itself. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select className={classNames(CONTROL, 'h-8.5 pr-1', className)} {...rest} />;
}

export function Checkbox({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <input type="checkbox" className={classNames('size-4 shrink-0 accent-accent', className)} {...rest} />
  );
}

type LabeledCheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'id'> & { label: ReactNode };

/** A checkbox with its label next to it. */
export function LabeledCheckbox({ label, className, ...rest }: LabeledCheckboxProps) {
  const id = useId();
  return (
    <span className={classNames('flex min-h-6 items-center gap-2 text-sm', className)}>
      <Checkbox id={id} {...rest} />
      <label htmlFor={id}>{label}</label>
    </span>
  );
}

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  className?: string;
  children: ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }>;
};

export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  return (
    <div className={classNames('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium">
        {label}
      </label>
      {cloneElement(children, {
        id,
        'aria-describedby': hint || error ? `${id}-note` : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {(hint || error) && (
        <p
          id={`${id}-note`}
          className={classNames('text-xs', error ? 'text-danger' : 'text-muted-foreground')}
        >
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
