'use client';
/** The saved views: opened, saved, overwritten, renamed, made the default, deleted. */
import { Bookmark } from 'lucide-react';
import { useState } from 'react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { Button } from '../../../ui/button.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Menu } from '../../../ui/menu.tsx';
import type { OpenView, SavedViews } from './use-saved-views.ts';
import type { Asked } from './view-acts.tsx';
import { writeViewAddress } from './view-address.ts';

const ViewActs = loadLater(async () => (await import('./view-acts.tsx')).ViewActs);
const DeleteViewDialog = loadLater(async () => (await import('./delete-view-dialog.tsx')).DeleteViewDialog);
const ViewDialog = loadLater(async () => (await import('./view-dialog.tsx')).ViewDialog);

type ViewsMenuProps = {
  saved: SavedViews;
  search: RunSearch;
  onOpen: OpenView;
  /** The address names this view from now on, or none (''), and shows what it shows. */
  onName: (viewId: string) => void;
};

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
        <ViewActs {...{ saved, search, address, onOpen, onName }} onAsk={setAsked} />
      </Menu>
      {isMissing && <MissingNote />}
      {asked === 'CREATE' && (
        <ViewDialog address={address} onOpenChange={close} onSaved={(view) => onName(view.id)} />
      )}
      {asked === 'RENAME' && open && <ViewDialog view={open} onOpenChange={close} />}
      {open && asked === 'DELETE' && (
        <DeleteViewDialog view={open} isOpen onOpenChange={close} onDone={() => onName('')} />
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
