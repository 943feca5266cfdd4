/** The entries under the line, in groups, one of them marked. Clicked, an entry is taken as with Enter. */
import { classNames } from '../ui/class-names.ts';
import type { Entry } from './entry.ts';

export type EntryGroup = { title: string; entries: readonly Entry[] };

type CommandListProps = {
  id: string;
  groups: readonly EntryGroup[];
  marked: number;
  onTake: (entry: Entry, inNewTab: boolean) => void;
};

export function CommandList({ id, groups, marked, onTake }: CommandListProps) {
  let first = 0;
  const placed = groups.map((group) => {
    const at = first;
    first += group.entries.length;
    return { ...group, at };
  });
  return (
    <div
      role="listbox"
      id={`${id}-list`}
      aria-label="Where to go and what to do"
      className="max-h-[55vh] overflow-auto p-1.5"
    >
      {placed.map(({ title, entries, at }) => (
        // biome-ignore lint/a11y/useSemanticElements: options of a list box are in groups, not in a set of fields
        <div key={title} role="group" aria-label={title}>
          <p className="px-2.5 pt-2 pb-1 text-xs font-semibold text-muted-foreground" aria-hidden>
            {title}
          </p>
          {entries.map((entry, index) => (
            <CommandOption
              key={entry.key}
              id={`${id}-${at + index}`}
              entry={entry}
              isMarked={at + index === marked}
              onTake={onTake}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

type CommandOptionProps = Pick<CommandListProps, 'id' | 'onTake'> & { entry: Entry; isMarked: boolean };

function CommandOption({ id, entry, isMarked, onTake }: CommandOptionProps) {
  const { title, about, icon: Icon } = entry;
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isMarked}
      ref={(option) => {
        if (isMarked) option?.scrollIntoView({ block: 'nearest' });
      }}
      // Before the line loses the focus.
      onMouseDown={(event) => {
        event.preventDefault();
        onTake(entry, event.ctrlKey || event.metaKey);
      }}
      className={classNames(
        'flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm hover:bg-surface-muted',
        isMarked && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <span className="min-w-0 truncate font-medium">{title}</span>
      <span className="ml-auto min-w-0 shrink truncate pl-3 text-xs text-muted-foreground">{about}</span>
    </div>
  );
}
