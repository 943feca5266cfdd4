'use client';
/** The first rows of a manifest, with a choice for each column of what it says. */
import { countNoun } from '../../../format/count-noun.ts';
import { formatCount } from '../../../format/format-number.ts';
import type { ManifestKey } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Select } from '../../../ui/field.tsx';
import { mapColumn, showMeaning } from './import-draft.ts';
import type { StepProps } from './step-props.ts';
import type { ImportPreview } from './use-import-preview.ts';

type Manifest = NonNullable<ImportPreview['manifest']>;

/** In the order in which they are looked for, with the words of a person. */
const KEY_LABELS: Record<ManifestKey, string> = {
  PATH: 'file',
  PATIENT: 'patient',
  SLIDE: 'slide',
  SITE: 'site',
  GROUP: 'group of copies',
  LABEL: 'class',
  X: 'x on the slide',
  Y: 'y on the slide',
  MPP: 'µm per pixel',
  SUBSET: 'side of the split',
};
const KEYS = Object.keys(KEY_LABELS) as ManifestKey[];

type Mapping = StepProps & { manifest: Manifest };

export function MappingCard(mapping: Mapping) {
  const { counts } = mapping.manifest;
  const error = mapping.errors.map;
  return (
    <Card
      flush
      title="Columns"
      note="Recognised by their names and by what they hold. Choose another meaning where one is wrong."
    >
      {error && (
        <p role="alert" className="border-b border-line px-4 py-2 text-sm text-danger">
          {error}
        </p>
      )}
      <div className="overflow-x-auto">
        <FirstRows {...mapping} />
      </div>
      {counts && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted-foreground">
          {describeCounts(counts)}
        </p>
      )}
    </Card>
  );
}

function FirstRows(mapping: Mapping) {
  const { columns, rows } = mapping.manifest;
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">First rows of the manifest</caption>
      <thead>
        <tr className="border-b border-line align-top">
          <th scope="col" className="px-4 py-2 text-left text-xs font-medium text-muted-foreground">
            Line
          </th>
          {columns.map((column, at) => (
            <th key={column.name} scope="col" className="min-w-36 px-2 py-2 text-left font-normal">
              <span className="mb-1 block max-w-56 truncate text-xs font-medium" title={column.name}>
                {column.name}
              </span>
              <MeaningChoice {...mapping} column={column} number={at + 1} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ line, cells }) => (
          <tr key={line} className="border-b border-line last:border-0">
            <td className="px-4 py-1.5 text-xs text-muted-foreground tabular-nums">{formatCount(line)}</td>
            {columns.map(({ name, key }, at) => (
              <td
                key={name}
                title={cells[at] ?? undefined}
                className={classNames('max-w-56 truncate px-2 py-1.5', key ? '' : 'text-muted-foreground')}
              >
                {cells[at] ?? ''}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type MeaningChoiceProps = Mapping & { column: Manifest['columns'][number]; number: number };

function MeaningChoice({ draft, onChange, errors, column, number }: MeaningChoiceProps) {
  const { name } = column;
  const key = showMeaning(draft, { column: name, taken: column.key ?? null });
  return (
    <Select
      aria-label={`Column ${number}, ${name}, says`}
      aria-invalid={Boolean(errors.map) || undefined}
      className={classNames('h-7 text-xs', key ? 'border-accent/50 bg-accent-soft' : '')}
      value={key ?? ''}
      onChange={(event) => {
        const chosen = (event.target.value || null) as ManifestKey | null;
        onChange(mapColumn(draft, { column: name, was: key, key: chosen }));
      }}
    >
      <option value="">not used</option>
      {KEYS.map((word) => (
        <option key={word} value={word}>
          {KEY_LABELS[word]}
        </option>
      ))}
    </Select>
  );
}

function describeCounts(counts: NonNullable<Manifest['counts']>): string {
  const { rows, rowsWithoutFile, filesWithoutRow, filesTwice } = counts;
  return [
    countNoun(rows, 'row'),
    `${formatCount(rowsWithoutFile)} without a file`,
    `${countNoun(filesWithoutRow, 'file')} without a row`,
    `${countNoun(filesTwice, 'file')} that several rows name`,
  ].join(' · ');
}
