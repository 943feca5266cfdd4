'use client';
/**
 * Search, status, learning, architecture, experiment, split, tag and how runs are listed: every choice goes into the address. On a
 * phone they stand behind a button that says how many are chosen.
 */
import { useQuery } from '@apollo/client/react';
import { ListFilter } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RunSearch } from '../../address/page-addresses.ts';
import { tellApart } from '../../format/tell-apart.ts';
import {
  type LearningState,
  RunFilterChoicesDocument,
  type RunStatus,
} from '../../graphql/generated/graphql.ts';
import { STATUS_LABELS } from '../../run/status-badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Input, LabeledCheckbox, Select } from '../../ui/field.tsx';
import { clearFilters, countFilters, isFiltered } from './run-search.ts';

const CHOICES = 200;
const TYPING_PAUSE_MS = 250;
const LEARNING_LABELS: Record<LearningState, string> = {
  NOT_LEARNED: 'Did not learn',
  LEARNED: 'Better than chance',
  UNKNOWN: 'Cannot be told',
};
const LEARNING_CHOICES = Object.entries(LEARNING_LABELS).map(([id, name]) => ({ id, name }));
const readLearning = (id: string) => (id in LEARNING_LABELS ? (id as LearningState) : null);

type RunFiltersProps = { search: RunSearch; onChange: (part: Partial<RunSearch>) => void };

const FILTERS_ID = 'run-filters';

type FilterButtonProps = { search: RunSearch; isOpen: boolean; onOpen: (isOpen: boolean) => void };

/** Only on a phone: elsewhere all is in sight. */
export function FilterButton({ search, isOpen, onOpen }: FilterButtonProps) {
  const count = countFilters(search);
  return (
    <Button
      size="sm"
      className="sm:hidden"
      aria-expanded={isOpen}
      aria-controls={FILTERS_ID}
      onClick={() => onOpen(!isOpen)}
    >
      <ListFilter />
      {count === 0 ? 'Filters' : `Filters (${count})`}
    </Button>
  );
}

export function RunFilters({ search, isOpen, onChange }: RunFiltersProps & { isOpen: boolean }) {
  const { architectures, experiments, splits } = useFilterChoices();
  return (
    <search
      id={FILTERS_ID}
      aria-label="Filter runs"
      className={classNames('mb-3 flex-wrap items-center gap-2 sm:flex', isOpen ? 'flex' : 'hidden')}
    >
      <TextFilter label="Search runs" value={search.search} onChange={(text) => onChange({ search: text })} />
      <StatusFilter value={search.status} onChange={(status) => onChange({ status })} />
      <ChoiceFilter
        label="Learning"
        value={search.learning ?? ''}
        choices={LEARNING_CHOICES}
        onChange={(state) => onChange({ learning: readLearning(state) })}
      />
      <ChoiceFilter
        label="Architecture"
        value={search.architecture}
        choices={architectures}
        onChange={(architecture) => onChange({ architecture })}
      />
      <ChoiceFilter
        label="Experiment"
        value={search.experiment}
        choices={experiments}
        onChange={(experiment) => onChange({ experiment })}
      />
      <ChoiceFilter
        label="Split"
        value={search.split}
        choices={splits}
        onChange={(split) => onChange({ split })}
      />
      <TextFilter label="Tag" className="w-20" value={search.tag} onChange={(tag) => onChange({ tag })} />
    </search>
  );
}

/** How the runs are listed, and all of them again; at the end of the line above them, where there is room and nothing moves. */
export function ListSwitches({ search, onChange }: RunFiltersProps) {
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs sm:ml-auto">
      {isFiltered(search) && (
        <Button look="ghost" size="sm" onClick={() => onChange(clearFilters(search))}>
          Clear filters
        </Button>
      )}
      <LabeledCheckbox
        label="Group seeds"
        className="text-xs text-muted-foreground"
        checked={search.seeds === 'grouped'}
        onChange={(event) => onChange({ seeds: event.target.checked ? 'grouped' : null })}
      />
      <LabeledCheckbox
        label="Archived"
        className="text-xs text-muted-foreground"
        checked={search.archived}
        onChange={(event) => onChange({ archived: event.target.checked })}
      />
    </span>
  );
}

/** What the API has to choose from. */
function useFilterChoices() {
  const { data } = useQuery(RunFilterChoicesDocument, { variables: { first: CHOICES } });
  const experiments = tellApart(
    data?.experiments.edges.map(({ node: { id, name, dataset, project } }) => ({
      id,
      name,
      project,
      on: dataset?.name ?? 'no dataset',
    })) ?? [],
  );
  const splits = tellApart(
    data?.splits.edges.map(({ node: { id, name, unsafe, dataset } }) => {
      return { id, name: unsafe ? `UNSAFE: ${name}` : name, on: dataset.name, project: dataset.project };
    }) ?? [],
  );
  const architectures = data?.architectures.map(({ name }) => ({ id: name, name })) ?? [];
  return { architectures, experiments, splits };
}

type TextFilterProps = { label: string; value: string; className?: string; onChange: (text: string) => void };

/** Waits for a pause in typing before it asks the API. */
function TextFilter({ label, value, className, onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const [origin, setOrigin] = useState(value);
  if (origin !== value) {
    setOrigin(value);
    setTyped(value);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the clock, not a new callback
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={label}
      className={classNames('h-8 w-32 text-xs', className)}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

type StatusFilterProps = { value: RunStatus[]; onChange: (status: RunStatus[]) => void };

function StatusFilter({ value, onChange }: StatusFilterProps) {
  function toggle(status: RunStatus) {
    onChange(value.includes(status) ? value.filter((one) => one !== status) : [...value, status]);
  }
  return (
    <fieldset className="flex overflow-hidden rounded-md border border-line-strong">
      <legend className="sr-only">Status</legend>
      {STATUS_LABELS.map(({ status, label }) => (
        <button
          key={status}
          type="button"
          aria-pressed={value.includes(status)}
          onClick={() => toggle(status)}
          className="h-8 border-r border-line px-2 text-xs text-muted-foreground last:border-0 hover:bg-surface-muted aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

type ChoiceFilterProps = {
  label: string;
  value: string;
  choices: readonly { id: string; name: string }[];
  onChange: (id: string) => void;
};

function ChoiceFilter({ label, value, choices, onChange }: ChoiceFilterProps) {
  return (
    <Select
      aria-label={label}
      className="h-8 w-36 pl-2 text-xs"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{`Any ${label.toLowerCase()}`}</option>
      {choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
