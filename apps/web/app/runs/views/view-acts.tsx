'use client';
/** What the menu of saved views holds: the views, and what may be done with the open one. */
import { useMutation } from '@apollo/client/react';
import { BookmarkPlus, Check, Pencil, Save, Star, StarOff, Trash2, Undo2, X } from 'lucide-react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { useAction } from '../../../api/use-action.ts';
import { ChangeSavedViewDocument, type SavedViewFactsFragment } from '../../../graphql/generated/graphql.ts';
import { MenuItem, MenuLine } from '../../../ui/menu.tsx';
import type { OpenView, SavedViews } from './use-saved-views.ts';
import { readViewAddress } from './view-address.ts';

export type Asked = 'CREATE' | 'RENAME' | 'DELETE' | null;

type ViewActsProps = {
  saved: SavedViews;
  search: RunSearch;
  address: string;
  onOpen: OpenView;
  onName: (viewId: string) => void;
  onAsk: (asked: Asked) => void;
};

export function ViewActs({ saved, search, address, onOpen, onName, onAsk }: ViewActsProps) {
  const { open, isChanged } = saved;
  return (
    <>
      <ViewList
        views={saved.views}
        openId={open?.id ?? null}
        onOpen={(view) => onOpen(readViewAddress(view), 'push')}
      />
      {open && isChanged && (
        <MenuItem onSelect={() => onOpen(readViewAddress(open), 'push')}>
          <Undo2 />
          As it was saved
        </MenuItem>
      )}
      {open && <OpenViewActs view={open} isChanged={isChanged} address={address} onAsk={onAsk} />}
      <MenuItem onSelect={() => onAsk('CREATE')}>
        <BookmarkPlus />
        Save as a new view…
      </MenuItem>
      {search.view !== '' && (
        <MenuItem onSelect={() => onName('')}>
          <X />
          Leave the view
        </MenuItem>
      )}
    </>
  );
}

type ViewListProps = {
  views: readonly SavedViewFactsFragment[];
  openId: string | null;
  onOpen: (view: SavedViewFactsFragment) => void;
};

/** Where people of several projects look, the project stands by each name. */
function ViewList({ views, openId, onOpen }: ViewListProps) {
  const areMixed = new Set(views.map(({ project }) => project.id)).size > 1;
  return (
    <>
      <div className="max-h-80 overflow-auto">
        {views.map((view) => (
          <MenuItem key={view.id} onSelect={() => onOpen(view)}>
            <Check className={view.id === openId ? undefined : 'invisible'} aria-hidden />
            <span className="max-w-72 truncate">{view.name}</span>
            {areMixed && <span className="text-xs text-muted-foreground">{view.project.name}</span>}
            {view.isDefault && (
              <span className="ml-auto rounded-sm bg-accent-soft px-1 text-xs text-accent">default</span>
            )}
          </MenuItem>
        ))}
      </div>
      {views.length > 0 && <MenuLine />}
    </>
  );
}

type OpenViewActsProps = {
  view: SavedViewFactsFragment;
  isChanged: boolean;
  address: string;
  onAsk: (asked: Asked) => void;
};

function OpenViewActs({ view, isChanged, address, onAsk }: OpenViewActsProps) {
  const [change] = useMutation(ChangeSavedViewDocument);
  const { run } = useAction();
  const { id, name, isDefault } = view;
  const save = (input: { address?: string; isDefault?: boolean }, done: string) =>
    void run(() => change({ variables: { input: { id, ...input } } }), done);
  return (
    <>
      {isChanged && (
        <MenuItem onSelect={() => save({ address }, `${name} shows what you see`)}>
          <Save />
          <span className="max-w-72 truncate">Overwrite {name}</span>
        </MenuItem>
      )}
      <MenuItem onSelect={() => onAsk('RENAME')}>
        <Pencil />
        Rename…
      </MenuItem>
      <MenuItem
        onSelect={() =>
          save({ isDefault: !isDefault }, isDefault ? `${name} is no default` : `${name} is the default`)
        }
      >
        {isDefault ? <StarOff /> : <Star />}
        {isDefault ? 'No default' : 'Make it the default'}
      </MenuItem>
      <MenuItem className="text-danger" onSelect={() => onAsk('DELETE')}>
        <Trash2 />
        Delete…
      </MenuItem>
      <MenuLine />
    </>
  );
}
