'use client';
/** A slider from 0 to 1 with a name of its own. */
import { Slider as Primitive } from 'radix-ui';

type SliderProps = { value: number; onChange: (value: number) => void; label: string };

export function Slider({ value, onChange, label }: SliderProps) {
  return (
    <Primitive.Root
      className="relative flex h-5 w-32 touch-none items-center select-none"
      min={0}
      max={1}
      step={0.05}
      value={[value]}
      onValueChange={([next]) => onChange(next ?? 0)}
    >
      <Primitive.Track className="relative h-1 grow rounded-full bg-line-strong">
        <Primitive.Range className="absolute h-full rounded-full bg-accent" />
      </Primitive.Track>
      <Primitive.Thumb
        aria-label={label}
        className="block size-3.5 rounded-full border-2 border-accent bg-surface"
      />
    </Primitive.Root>
  );
}
