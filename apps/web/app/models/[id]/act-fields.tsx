'use client';
/** Why and who: what every act that is recorded asks for. */
import { useState } from 'react';
import { Field, Input, Textarea } from '../../../ui/field.tsx';

export type ActTexts = {
  reason: string;
  who: string;
  isWhole: boolean;
  setReason: (reason: string) => void;
  setWho: (who: string) => void;
};

export function useActTexts(): ActTexts {
  const [reason, setReason] = useState('');
  const [who, setWho] = useState('');
  return { reason, who, setReason, setWho, isWhole: reason.trim() !== '' };
}

export function ActFields({ texts, placeholder }: { texts: ActTexts; placeholder: string }) {
  return (
    <>
      <Field label="Reason">
        <Textarea
          value={texts.reason}
          onChange={(event) => texts.setReason(event.target.value)}
          placeholder={placeholder}
        />
      </Field>
      <Field label="Your name" hint="Recorded with the reason.">
        <Input value={texts.who} onChange={(event) => texts.setWho(event.target.value)} autoComplete="name" />
      </Field>
    </>
  );
}
