'use client';
/** What has to be told of pictures that do not tell it, how patches are laid on them, and what computes. */
import type { EngineChoice } from '../../analyser/messages.ts';
import { Field, Input, LabeledCheckbox, Select } from '../../ui/field.tsx';

/** As it is typed and chosen. */
type Reading = { scaleText: string; stride: number; skipsGlass: boolean };

export const FIRST_READING: Reading = { scaleText: '', stride: 1, skipsGlass: true };

const ENGINES: Readonly<Record<EngineChoice, string>> = {
  auto: 'WebGPU, else WebAssembly',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
};
const STRIDES: readonly [number, string][] = [
  [1, 'edge to edge'],
  [0.5, 'half overlapping'],
];
const SCALE_MIN = 0.05;
const SCALE_MAX = 20;

type ReadingOptionsProps = {
  reading: Reading;
  onChange: (reading: Reading) => void;
  engine: EngineChoice;
  onEngine: (engine: EngineChoice) => void;
  busy: boolean;
};

export function ReadingOptions({ reading, onChange, engine, onEngine, busy }: ReadingOptionsProps) {
  const { scaleText, stride, skipsGlass } = reading;
  const isWrong = readScale(scaleText) === 'WRONG';
  return (
    <>
      <Field
        label="µm per pixel of the pictures"
        className="w-52"
        hint="Where they do not tell it: about 0.25 at ×40, 0.5 at ×20, 1 at ×10."
        error={isWrong ? `A number from ${SCALE_MIN} to ${SCALE_MAX}, or nothing.` : undefined}
      >
        <Input
          inputMode="decimal"
          placeholder="as they tell"
          value={scaleText}
          onChange={({ target }) => onChange({ ...reading, scaleText: target.value })}
        />
      </Field>
      <Field label="Patches lie" className="w-44">
        <Select
          value={stride}
          onChange={({ target }) => onChange({ ...reading, stride: Number(target.value) })}
        >
          {STRIDES.map(([share, label]) => (
            <option key={share} value={share}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Computed by" className="w-64">
        <Select
          value={engine}
          disabled={busy}
          onChange={({ target }) => onEngine(target.value as EngineChoice)}
        >
          {Object.entries(ENGINES).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <LabeledCheckbox
        className="pt-7"
        label="Leave out glass of slides"
        checked={skipsGlass}
        onChange={({ target }) => onChange({ ...reading, skipsGlass: target.checked })}
      />
    </>
  );
}

/** Null for nothing. */
export function readScale(text: string): number | null | 'WRONG' {
  if (text.trim() === '') return null;
  const value = Number(text.replace(',', '.'));
  return value >= SCALE_MIN && value <= SCALE_MAX ? value : 'WRONG';
}
