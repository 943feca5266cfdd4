'use client';
/** Adds runs to the comparison by name. */
import { useQuery } from '@apollo/client/react';
import { RunsDocument } from '../../graphql/generated/graphql.ts';
import { Select } from '../../ui/field.tsx';

const RUNS_OFFERED = 100;

type RunPickerProps = { chosen: readonly string[]; atMost: number; onChange: (runIds: string[]) => void };

export function RunPicker({ chosen, atMost, onChange }: RunPickerProps) {
  const { data } = useQuery(RunsDocument, {
    variables: {
      filter: { archived: false },
      orderBy: { field: 'CREATED_AT', direction: 'DESC' },
      first: RUNS_OFFERED,
    },
  });
  const offered = data?.runs.edges.map(({ node }) => node).filter(({ id }) => !chosen.includes(id)) ?? [];
  return (
    <Select
      aria-label="Add run to the comparison"
      className="mb-5 max-w-md"
      value=""
      disabled={chosen.length >= atMost || offered.length === 0}
      onChange={(event) => onChange([...chosen, event.target.value])}
    >
      <option value="">{chosen.length === 0 ? 'Add a run…' : 'Add another run…'}</option>
      {offered.map(({ id, name, architecture, experiment, unsafe }) => (
        <option
          key={id}
          value={id}
        >{`${unsafe ? 'UNSAFE · ' : ''}${name} · ${architecture} · ${experiment.name}`}</option>
      ))}
    </Select>
  );
}
