'use client';
/** What would come in by the choices as they are, what would be refused, and the button that starts the import. */
import { FactList } from '../../../components/fact-list.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import { formatCount } from '../../../format/format-number.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { ImportPreview, PreviewState } from './use-import-preview.ts';

type OutcomeCardProps = PreviewState & { isEmpty: boolean; isStarting: boolean };

const NAMES_SHOWN = 8;
const REFUSALS_SHOWN = 5;

export function OutcomeCard({ preview, isCurrent, errors, error, isEmpty, isStarting }: OutcomeCardProps) {
  const [fault = error] = Object.values(errors);
  const counts = preview?.counts;
  const canStart = isCurrent && !fault && counts !== null && counts !== undefined && counts.patches > 0;
  return (
    <Card title="What would come in" className="xl:sticky xl:top-4">
      <div className="flex flex-col gap-4" aria-live="polite" aria-busy={!isEmpty && !isCurrent}>
        {isEmpty && <p className="text-sm text-muted-foreground">Choose a folder or a .zip.</p>}
        {fault && (
          <Notice tone="danger" title="The import cannot start">
            <p className="break-words">{fault}</p>
          </Notice>
        )}
        {!isEmpty && !fault && !counts && <Skeleton className="h-40" />}
        {counts && !fault && <Counts counts={counts} fileCount={preview.fileCount} />}
        {preview && preview.refusedCount > 0 && <Refusals preview={preview} />}
        <Button type="submit" look="primary" disabled={!canStart || isStarting}>
          Start import
        </Button>
      </div>
    </Card>
  );
}

type Counts = NonNullable<ImportPreview['counts']>;

function Counts({ counts, fileCount }: { counts: Counts; fileCount: number }) {
  const { classes, sites, subsets, unit } = counts;
  const orUnknown = (count: number | null | undefined) => (count == null ? 'unknown' : formatCount(count));
  const facts = [
    { label: 'Patches', value: formatCount(counts.patches), note: `of ${formatCount(fileCount)} files` },
    { label: 'Splits', value: unit.kind === 'NONE' ? 'by nothing' : unit.by },
    { label: 'Patients', value: orUnknown(counts.patients) },
    { label: 'Slides', value: orUnknown(counts.slides) },
    { label: 'Classes', value: formatCount(classes.length), note: listNames(classes) },
    {
      label: 'Sites',
      value: sites.length > 0 ? formatCount(sites.length) : 'unknown',
      note: listNames(sites),
    },
    { label: 'Places told of', value: formatCount(counts.placed) },
    {
      label: 'Sides given',
      value: subsets.length > 0 ? formatCount(subsets.length) : 'none',
      note: listNames(subsets.map(({ subset, patches }) => ({ name: subset, patches }))),
    },
  ];
  return <FactList facts={facts} className="sm:grid-cols-4 lg:grid-cols-4 xl:grid-cols-2" />;
}

function listNames(counted: readonly { name: string; patches: number }[]): string | undefined {
  if (counted.length === 0) return undefined;
  const shown = counted.slice(0, NAMES_SHOWN).map(({ name, patches }) => `${name} ${formatCount(patches)}`);
  const more = counted.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${formatCount(more)} more` : shown.join(', ');
}

function Refusals({ preview }: { preview: ImportPreview }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer">
        {countNoun(preview.refusedCount, preview.manifest ? 'row' : 'file')} would be refused
      </summary>
      <ul className="mt-2 flex flex-col gap-1.5 text-xs text-muted-foreground">
        {preview.refusalCounts.map(({ code, count }) => (
          <li key={code}>
            {formatCount(count)} {code}
          </li>
        ))}
        {preview.refusals.slice(0, REFUSALS_SHOWN).map(({ path, reason }) => (
          <li key={path + reason} className="break-words">
            <span className="font-mono">{path}</span>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
