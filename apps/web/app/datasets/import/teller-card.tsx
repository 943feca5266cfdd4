'use client';
/** What says what the files are: the layout that they lie in, as detected or overruled, or a manifest. */
import { useState } from 'react';
import { formatShare } from '../../../format/format-number.ts';
import { ImportLayout } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { FolderBrowser } from './folder-browser.tsx';
import { chooseManifest, type ImportDraft } from './import-draft.ts';
import type { StepProps } from './step-props.ts';
import type { ImportPreview } from './use-import-preview.ts';

export function TellerCard(step: StepProps) {
  const { draft, onChange, preview, errors } = step;
  const chooseTeller = (toldBy: ImportDraft['toldBy']) => {
    const [table = ''] = preview?.tables ?? [];
    if (toldBy === 'MANIFEST') onChange(chooseManifest(draft, draft.manifest || table));
    else onChange({ ...draft, toldBy, positive: [], unit: '' });
  };
  return (
    <Card
      title="What the files are"
      note="Told by the way in which they lie, or by a table with a row a file."
    >
      <div className="flex flex-col gap-4">
        <Field label="Told by" error={errors.layout} hint={describeTeller(draft, preview)}>
          <Select
            value={draft.toldBy}
            onChange={(event) => chooseTeller(event.target.value as ImportDraft['toldBy'])}
          >
            <option value="DETECTED">{nameDetected(preview)}</option>
            <option value="MANIFEST">A manifest: CSV, TSV or Parquet</option>
            <optgroup label="Another layout">
              {listLayouts(preview).map(({ name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </optgroup>
          </Select>
        </Field>
        {draft.toldBy === 'MANIFEST' && <ManifestFields {...step} />}
        {preview?.layout?.remarks.map((remark) => (
          <p key={remark} className="text-xs text-muted-foreground">
            {remark}
          </p>
        ))}
      </div>
    </Card>
  );
}

function ManifestFields({ draft, onChange, preview, errors }: StepProps) {
  const [isBrowsing, setBrowsing] = useState(false);
  const choose = (manifest: string) => {
    setBrowsing(false);
    onChange(chooseManifest(draft, manifest));
  };
  const tables = preview?.tables ?? [];
  return (
    <>
      <Field
        label="Manifest"
        error={errors.manifest}
        hint="Within the source, or a whole path below the folders that the API may read."
      >
        <Input
          list="tables-of-source"
          value={draft.manifest}
          onChange={(event) => choose(event.target.value)}
          className="font-mono"
        />
      </Field>
      <datalist id="tables-of-source">
        {tables.map((table) => (
          <option key={table} value={table} />
        ))}
      </datalist>
      <div className="flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
        {tables.length === 0 && <span>The source holds no table.</span>}
        {tables.slice(0, TABLES_OFFERED).map((table) => (
          <Button key={table} size="sm" disabled={table === draft.manifest} onClick={() => choose(table)}>
            {table}
          </Button>
        ))}
        <Button size="sm" look="ghost" onClick={() => setBrowsing(!isBrowsing)} aria-expanded={isBrowsing}>
          {isBrowsing ? 'Close the folders' : 'Look in other folders'}
        </Button>
      </div>
      {isBrowsing && <FolderBrowser wanted="table" onChoose={choose} />}
    </>
  );
}

const TABLES_OFFERED = 6;

function nameDetected(preview: ImportPreview | null): string {
  const [best] = preview?.layouts ?? [];
  if (!preview) return 'The layout, as detected';
  return best ? `${best.title}, as detected` : 'The layout: none that is known fits';
}

function describeTeller(draft: ImportDraft, preview: ImportPreview | null): string {
  if (draft.toldBy === 'MANIFEST') return 'The layout is of no weight then.';
  const chosen = preview?.layouts.find(({ name }) => name === preview.layout?.name);
  return chosen
    ? `${formatShare(chosen.share)} of the images lie as ${chosen.pattern}.`
    : 'If no layout fits, a manifest tells.';
}

/** Those that fit first, with how many files do. */
function listLayouts(preview: ImportPreview | null): { name: ImportLayout; label: string }[] {
  const fits = (preview?.layouts ?? []).map(({ name, title, share }) => {
    return { name, label: `${title} (${formatShare(share)} of the images)` };
  });
  const others = Object.values(ImportLayout).filter((name) => !fits.some((fit) => fit.name === name));
  return [...fits, ...others.map((name) => ({ name, label: nameLayout(name) }))];
}

/** `IDC_FLAT` as it is written on the command line: `idc-flat`. */
function nameLayout(name: ImportLayout): string {
  return `${name.toLowerCase().replaceAll('_', '-')} (no file fits)`;
}
