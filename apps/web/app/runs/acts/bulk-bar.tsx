'use client';
/** What may be done with the runs that are selected, and what became of it. */
import { Archive, ArchiveRestore, CircleStop, Flag, GitCompareArrows, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { linkToComparison, type RunSearch } from '../../../address/page-addresses.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { LaterLink } from '../../../components/later-link.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import { formatCount } from '../../../format/format-number.ts';
import { Button } from '../../../ui/button.tsx';
import { countChosen, NOTHING_CHOSEN, type RunChoice } from '../table/run-choice.ts';
import { BulkOutcomeNote } from './bulk-outcome.tsx';
import { TagDialog } from './tag-dialog.tsx';
import { type BulkAct, useBulkAct } from './use-bulk-act.ts';

/** More curves than that cannot be told apart. */
const COMPARED_MAX = 20;

type BulkBarProps = {
  chosen: RunChoice;
  totalCount: number;
  search: RunSearch;
  onChosen: (chosen: RunChoice) => void;
  onBaseline: (runId: string) => void;
  /** Something was changed: the list is another one. */
  onChanged: () => void;
};

export function BulkBar({ chosen, totalCount, search, onChosen, onBaseline, onChanged }: BulkBarProps) {
  const bulk = useBulkAct({ chosen, search });
  const count = countChosen(chosen, totalCount);
  const only = chosen.isAll ? undefined : [...chosen.ids][0];
  async function act(input: BulkAct) {
    const { error } = await bulk.act(input);
    if (error === null) onChosen(NOTHING_CHOSEN);
    onChanged();
  }
  if (count === 0) return <BulkOutcomeNote outcome={bulk.outcome} onClose={bulk.forget} />;
  const runs = countNoun(count, 'run');
  return (
    <section
      aria-label="Selected runs"
      className="mb-2 flex flex-wrap items-center gap-2 rounded-md bg-accent-soft px-3 py-1.5"
    >
      <span className="text-sm font-medium" aria-live="polite">
        {bulk.done === null ? `${runs} selected` : `${formatCount(bulk.done)} of ${runs} done…`}
      </span>
      <CompareLink chosen={chosen} />
      {count === 1 && only && (
        <Button size="sm" onClick={() => onBaseline(only)}>
          <Flag />
          Take as baseline
        </Button>
      )}
      <TagDialog runs={runs} busy={bulk.busy} onAct={act} />
      <Button
        size="sm"
        disabled={bulk.busy}
        onClick={() => act({ act: search.archived ? 'RESTORE' : 'ARCHIVE' })}
      >
        {search.archived ? <ArchiveRestore /> : <Archive />}
        {search.archived ? 'Restore' : 'Archive'}
      </Button>
      <ConfirmedActs runs={runs} busy={bulk.busy} onAct={act} />
      <Button size="sm" look="ghost" disabled={bulk.busy} onClick={() => onChosen(NOTHING_CHOSEN)}>
        <X />
        Select none
      </Button>
    </section>
  );
}

function CompareLink({ chosen: { isAll, ids } }: { chosen: RunChoice }) {
  if (isAll || ids.size < 2 || ids.size > COMPARED_MAX) {
    return (
      <Button size="sm" disabled title={`Select 2 to ${COMPARED_MAX} runs by name`}>
        <GitCompareArrows />
        Compare
      </Button>
    );
  }
  return (
    <Button asChild size="sm">
      <LaterLink href={linkToComparison([...ids])}>
        <GitCompareArrows />
        Compare {ids.size} runs
      </LaterLink>
    </Button>
  );
}

type ConfirmedActsProps = { runs: string; busy: boolean; onAct: (input: BulkAct) => Promise<void> };

function ConfirmedActs({ runs, busy, onAct }: ConfirmedActsProps) {
  const [asked, setAsked] = useState<'CANCEL' | 'DELETE' | null>(null);
  const isDeleting = asked === 'DELETE';
  return (
    <>
      <Button size="sm" disabled={busy} onClick={() => setAsked('CANCEL')}>
        <CircleStop />
        Cancel
      </Button>
      <Button size="sm" look="danger" disabled={busy} onClick={() => setAsked('DELETE')}>
        <Trash2 />
        Delete
      </Button>
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={`${isDeleting ? 'Delete' : 'Cancel'} ${runs}?`}
        confirm={isDeleting ? `Delete ${runs}` : `Cancel ${runs}`}
        done={isDeleting ? 'Deleted what could be' : 'Canceled what could be'}
        onConfirm={() => onAct({ act: isDeleting ? 'DELETE' : 'CANCEL' })}
      >
        {isDeleting
          ? 'Their curves, predictions and weights are deleted from disk. This cannot be undone; archiving only hides them. Runs that are not settled, or that a model version depends on, stay.'
          : 'Runs that wait are canceled at once, those that train within seconds. Settled ones stay as they are.'}
      </ConfirmDialog>
    </>
  );
}
