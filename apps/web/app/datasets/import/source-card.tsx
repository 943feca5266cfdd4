'use client';
/** Where the patches lie. */
import { Card } from '../../../ui/card.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { FolderBrowser } from './folder-browser.tsx';
import { chooseSource } from './import-draft.ts';
import type { StepProps } from './step-props.ts';
import { UploadSource } from './upload/upload-source.tsx';

export function SourceCard({ draft, onChange, errors }: StepProps) {
  const choose = (path: string) => onChange(chooseSource(draft, path));
  return (
    <Card
      title="Source"
      note="A folder or .zip of patches: sent from here, or below the folders that the API may read."
    >
      <div className="flex flex-col gap-4">
        <UploadSource onSent={choose} />
        <FolderBrowser wanted="source" onChoose={choose} />
        <Field label="Folder or .zip" error={errors.path}>
          <Input
            value={draft.path}
            onChange={(event) => choose(event.target.value)}
            placeholder="/data/IDC_regular_ps50_idx5"
            className="font-mono"
          />
        </Field>
      </div>
    </Card>
  );
}
