'use client';
/** The project that something new becomes part of. Nothing is shown where there is nothing to choose. */
import { useQuery } from '@apollo/client/react';
import { ProjectNamesDocument } from '../graphql/generated/graphql.ts';
import { Field, Select } from '../ui/field.tsx';
import { useAccess } from './access-provider.tsx';
import { listRecordable } from './list-recordable.ts';

type ProjectFieldProps = {
  /** Empty while none was chosen. */
  value: string;
  onChange: (projectId: string) => void;
};

export function ProjectField({ value, onChange }: ProjectFieldProps) {
  const { me } = useAccess();
  const { data } = useQuery(ProjectNamesDocument, { skip: me === null });
  const projects = me && data ? listRecordable(me, data.projects) : [];
  if (projects.length < 2) return null;
  return (
    <Field label="Project" hint="Its members see it. It never changes.">
      <Select required value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Choose one</option>
        {projects.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
