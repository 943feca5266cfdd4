'use client';
/** The kinds of announcements as checkboxes, each with what it tells of, in the words of the API. */
import { useQuery } from '@apollo/client/react';
import { type AnnouncementKind, AnnouncementKindsDocument } from '../../graphql/generated/graphql.ts';
import { LabeledCheckbox } from '../../ui/field.tsx';
import { nameKind } from './name-kind.ts';

type KindChoiceProps = {
  chosen: readonly AnnouncementKind[];
  onChange: (kinds: AnnouncementKind[]) => void;
  error?: string;
};

export function KindChoice({ chosen, onChange, error }: KindChoiceProps) {
  const { data } = useQuery(AnnouncementKindsDocument);
  const kinds = data?.announcementKinds ?? [];
  const toggle = (kind: AnnouncementKind, isOn: boolean) =>
    onChange(isOn ? [...chosen, kind] : chosen.filter((one) => one !== kind));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium">Tell of</legend>
      {kinds.map(({ kind, meaning }) => (
        <LabeledCheckbox
          key={kind}
          checked={chosen.includes(kind)}
          onChange={(event) => toggle(kind, event.target.checked)}
          label={
            <>
              {nameKind(kind)} <span className="text-xs text-muted-foreground">{meaning}</span>
            </>
          }
        />
      ))}
      {error && <p className="text-xs text-danger">{error}</p>}
    </fieldset>
  );
}
