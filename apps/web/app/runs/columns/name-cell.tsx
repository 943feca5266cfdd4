'use client';
/** The run's name with its experiment and tags; a pencil changes name and tags in their place. */
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { TextLink } from '../../../components/text-link.tsx';
import { TagList } from '../../../run/tag-list.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import type { RunTableRow } from './run-column.ts';

const EditInPlace = loadLater(async () => (await import('./edit-in-place.tsx')).EditInPlace);

export function NameCell({ run }: { run: RunTableRow }) {
  // By its id: the cell may be given another run.
  const [edited, setEdited] = useState<string | null>(null);
  if (edited === run.id) return <EditInPlace run={run} onDone={() => setEdited(null)} />;
  return (
    <>
      <span className="flex min-w-0 flex-col gap-0.5">
        <TextLink
          href={`/runs/${run.id}`}
          title={run.name}
          className="line-clamp-2 leading-tight break-words whitespace-normal"
        >
          {run.name}
        </TextLink>
        <span className="flex items-center gap-1.5 overflow-hidden text-xs text-muted-foreground [&>span>*]:flex-nowrap">
          <span className="truncate">{run.experiment.name}</span>
          {/* A phone has room for one of the two: half a tag tells nothing. */}
          <span className="hidden sm:contents">
            <TagList tags={run.tags} />
          </span>
        </span>
      </span>
      <button
        type="button"
        aria-label={`Rename or tag ${run.name}`}
        title="Rename or tag"
        onClick={() => setEdited(run.id)}
        className="absolute right-0.5 bottom-1 rounded-sm bg-surface p-1 text-muted-foreground opacity-0 group-hover/cell:opacity-100 hover:text-foreground focus-visible:opacity-100"
      >
        <Pencil className="size-3.5" aria-hidden />
      </button>
    </>
  );
}
