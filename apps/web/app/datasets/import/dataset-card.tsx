'use client';
/** What the dataset is called, of which project it is, and whether only a share of the patches comes in. */
import { ProjectField } from '../../../access/project-field.tsx';
import { Card } from '../../../ui/card.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import type { StepProps } from './step-props.ts';

/** The project is no part of the draft: what would be brought in is the same in each. */
type DatasetCardProps = StepProps & { projectId: string; onProject: (projectId: string) => void };

export function DatasetCard({ draft, onChange, errors, projectId, onProject }: DatasetCardProps) {
  return (
    <Card title="Dataset">
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Name" error={errors.name} hint="If empty: the folder's name.">
          <Input value={draft.name} onChange={(event) => onChange({ ...draft, name: event.target.value })} />
        </Field>
        <Field label="Largest number of patches" error={errors.maxPatches} hint="If empty: all.">
          <Input
            value={draft.maxPatches}
            inputMode="numeric"
            onChange={(event) => onChange({ ...draft, maxPatches: event.target.value })}
          />
        </Field>
        <Field label="Seed" error={errors.seed} hint="Of that share. If empty: 0.">
          <Input
            value={draft.seed}
            inputMode="numeric"
            onChange={(event) => onChange({ ...draft, seed: event.target.value })}
          />
        </Field>
        <ProjectField value={projectId} onChange={onProject} />
      </div>
    </Card>
  );
}
