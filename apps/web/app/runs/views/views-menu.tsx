'use client';
/** The saved views: opened, saved, overwritten, renamed, made the default, deleted. */
import { useMutation } from '@apollo/client/react';
import { Bookmark, BookmarkPlus, Check, Pencil, Save, Star, StarOff, Trash2, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { useAction } from '../../../api/use-action.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import {
  ChangeSavedViewDocument,
  DeleteSavedViewDocument,
  type SavedViewFactsFragment,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Menu, MenuItem, MenuLine } from '../../../ui/menu.tsx';
import type { OpenView, SavedViews } from './use-saved-views.ts';
import { readViewAddress, writeViewAddress } from './view-address.ts';

const ViewDialog = loadLater(async () => (await import('./view-dialog.tsx')).ViewDialog);

type ViewsMenuProps = {
  saved: SavedViews;
  search: RunSearch;
  onOpen: OpenView;
  /** The address names this view from now on, or none (''), and shows what it shows. */
  onName: (viewId: string) => void;
};

type Asked = 'CREATE' | 'RENAME' | 'DELETE' | null;

export function ViewsMenu({ saved, search, onOpen, onName }: ViewsMenuProps) {
  const { open, isChanged, isMissing } = saved;
  const [asked, setAsked] = useState<Asked>(null);
  const address = writeViewAddress(search);
  const close = (isOpen: boolean) => !isOpen && setAsked(null);
  return (
    <>
      <Menu
        align="start"
        onOpenChange={(isOpen) => isOpen && saved.refetch()}
        trigger={
          <Button size="sm" aria-label={open ? `View ${open.name}` : 'Views'} className="max-w-72">
            <Bookmark />
            <span className="truncate">{open ? open.name : 'Views'}</span>
            {isChanged && <span className="font-normal text-muted-foreground">changed</span>}
          </Button>
        }
      >
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
        {open && <OpenViewActs view={open} isChanged={isChanged} address={address} onAsk={setAsked} />}
        <MenuItem onSelect={() => setAsked('CREATE')}>
          <BookmarkPlus />
          Save as a new view…
        </MenuItem>
        {search.view !== '' && (
          <MenuItem onSelect={() => onName('')}>
            <X />
            Leave the view
          </MenuItem>
        )}
      </Menu>
      {isMissing && <MissingNote />}
      {asked === 'CREATE' && (
        <ViewDialog address={address} onOpenChange={close} onSaved={(view) => onName(view.id)} />
      )}
      {asked === 'RENAME' && open && <ViewDialog view={open} onOpenChange={close} />}
      {open && (
        <DeleteDialog
          view={open}
          isOpen={asked === 'DELETE'}
          onOpenChange={close}
          onDone={() => onName('')}
        />
      )}
    </>
  );
}

function MissingNote() {
  return (
    <p role="alert" className="text-xs text-danger">
      The view of this address was deleted, or is not yours to see.
    </p>
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

type DeleteDialogProps = {
  view: SavedViewFactsFragment;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onDone: () => void;
};

function DeleteDialog({ view, isOpen, onOpenChange, onDone }: DeleteDialogProps) {
  const [remove] = useMutation(DeleteSavedViewDocument);
  return (
    <ConfirmDialog
      open={isOpen}
      onOpenChange={onOpenChange}
      title={`Delete the view ${view.name}?`}
      confirm="Delete the view"
      done={`${view.name} was deleted`}
      onConfirm={async () => {
        await remove({ variables: { id: view.id } });
        onDone();
      }}
    >
      It goes for everybody in the project {view.project.name}. Runs stay as they are.
    </ConfirmDialog>
  );
}
