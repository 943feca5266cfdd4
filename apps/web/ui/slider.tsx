'use client';
/** A slider from 0 to 1, or in whole steps, with a name for screen readers. */
import * as Primitive from '@radix-ui/react-slider';
import { classNames } from './class-names.ts';

type SliderProps = {
  value: number;
  onChange: (value: number) => void;
  label: string;
  max?: number;
  step?: number;
  /** What the value means, for screen readers. */
  valueText?: string;
  className?: string;
};

export function Slider({ value, onChange, label, max = 1, step = 0.05, valueText, className }: SliderProps) {
  return (
    <Primitive.Root
      className={classNames('relative flex h-5 w-32 touch-none items-center select-none', className)}
      min={0}
      max={max}
      step={step}
      value={[value]}
      onValueChange={([next]) => onChange(next ?? 0)}
    >
      <Primitive.Track className="relative h-1 grow rounded-full bg-line-strong">
        <Primitive.Range className="absolute h-full rounded-full bg-accent" />
      </Primitive.Track>
      <Primitive.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-3.5 rounded-full border-2 border-accent bg-surface"
      />
    </Primitive.Root>
  );
}
