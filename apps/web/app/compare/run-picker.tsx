'use client';
/** Adds runs to the comparison: finds them among all runs by a part of their name, and offers the newest at first. */
import { useQuery } from '@apollo/client/react';
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { describeError } from '../../api/error-sentence.ts';
import { formatCount } from '../../format/format-number.ts';
import { RunsDocument, type RunsQuery } from '../../graphql/generated/graphql.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Input } from '../../ui/field.tsx';

/** More are found by typing. */
const RUNS_OFFERED = 12;

type OfferedRun = RunsQuery['runs']['edges'][number]['node'];

type RunPickerProps = { chosen: readonly string[]; atMost: number; onChange: (runIds: string[]) => void };

export function RunPicker({ chosen, atMost, onChange }: RunPickerProps) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  const { offered, others, error } = useOfferedRuns(typed, { chosen, isOpen });
  function add(run: OfferedRun | undefined) {
    if (!run) return;
    onChange([...chosen, run.id]);
    setTyped('');
    setMarked(0);
  }
  function press(event: KeyboardEvent) {
    const { key } = event;
    if (key === 'ArrowDown') setMarked(Math.min(marked + 1, offered.length - 1));
    else if (key === 'ArrowUp') setMarked(Math.max(0, marked - 1));
    else if (key === 'Enter' && isOpen) add(offered[marked]);
    else if (key === 'Escape') setOpen(false);
    else return;
    if (key !== 'Escape' && key !== 'Enter') setOpen(true);
    event.preventDefault();
  }
  const isFull = chosen.length >= atMost;
  const isShown = isOpen && (offered.length > 0 || typed !== '' || error !== undefined);
  return (
    <div className="relative mb-5 max-w-md">
      <Input
        type="search"
        role="combobox"
        aria-label="Add run to the comparison"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isShown && offered[marked] ? `${id}-${marked}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={isFull ? `${atMost} runs at most` : 'Add a run: type a part of its name'}
        disabled={isFull}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setMarked(0);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      {isShown && (
        <OfferedList
          id={id}
          runs={offered}
          marked={marked}
          note={describeList({ found: offered.length, others, error })}
          onTake={add}
        />
      )}
    </div>
  );
}

type OfferedListProps = {
  id: string;
  runs: readonly OfferedRun[];
  marked: number;
  note: string;
  onTake: (run: OfferedRun) => void;
};

function OfferedList({ id, runs, marked, note, onTake }: OfferedListProps) {
  return (
    <div className="absolute z-20 mt-1 w-full overflow-hidden rounded-md border border-line-strong bg-surface shadow-lg">
      <div role="listbox" id={`${id}-list`} aria-label="Runs that can be added">
        {runs.map((run, at) => (
          <RunChoice
            key={run.id}
            id={`${id}-${at}`}
            run={run}
            isMarked={at === marked}
            onTake={() => onTake(run)}
          />
        ))}
      </div>
      <p role="status" className="px-2.5 py-1.5 text-xs text-muted-foreground">
        {note}
      </p>
    </div>
  );
}

function useOfferedRuns(
  typed: string,
  { chosen, isOpen }: { chosen: readonly string[]; isOpen: boolean },
): { offered: OfferedRun[]; others: number; error: string | undefined } {
  const search = useDeferredValue(typed.trim());
  const query = useQuery(RunsDocument, {
    variables: {
      filter: { archived: false, search: search || null },
      orderBy: { field: 'CREATED_AT', direction: 'DESC' },
      first: RUNS_OFFERED + chosen.length,
    },
    skip: !isOpen,
  });
  const found = (query.data ?? query.previousData)?.runs;
  const offered = (found?.edges.map(({ node }) => node) ?? [])
    .filter(({ id }) => !chosen.includes(id))
    .slice(0, RUNS_OFFERED);
  return {
    offered,
    others: Math.max(0, (found?.totalCount ?? 0) - offered.length),
    error: query.error ? describeError(query.error) : undefined,
  };
}

type ListState = { found: number; others: number; error: string | undefined };

function describeList({ found, others, error }: ListState): string {
  if (error) return error;
  if (found === 0) return 'No other run has this in its name.';
  return found === RUNS_OFFERED && others > 0
    ? `${formatCount(others)} more: type to find them.`
    : 'Arrow keys mark, Enter adds.';
}

type RunChoiceProps = { id: string; run: OfferedRun; isMarked: boolean; onTake: () => void };

function RunChoice({ id, run, isMarked, onTake }: RunChoiceProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isMarked}
      // Before the field loses the focus.
      onMouseDown={(event) => {
        event.preventDefault();
        onTake();
      }}
      className={classNames(
        'flex cursor-pointer items-center gap-2 px-2.5 py-1.5 text-sm hover:bg-surface-muted',
        isMarked && 'bg-accent-soft',
      )}
    >
      <span className="min-w-0 truncate">{run.name}</span>
      {run.unsafe && <UnsafeMark />}
      <span className="ml-auto shrink-0 truncate text-xs text-muted-foreground">
        {run.architecture} · {run.experiment.name}
      </span>
    </div>
  );
}
