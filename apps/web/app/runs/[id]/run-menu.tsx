'use client';
/** The less common actions on a run: compare, archive, delete. */
import { useMutation } from '@apollo/client/react';
import { Archive, ArchiveRestore, Ellipsis, GitCompareArrows, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { linkToComparison } from '../../../address/page-addresses.ts';
import { LEAVING } from '../../../api/cache-client.ts';
import { useAction } from '../../../api/use-action.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import {
  ArchiveRunDocument,
  DeleteRunDocument,
  type RunPageFragment,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';

export function RunMenu({ run }: { run: RunPageFragment }) {
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  const [archiveRun] = useMutation(ArchiveRunDocument);
  const [deleteRun] = useMutation(DeleteRunDocument, LEAVING);
  const action = useAction();
  const archived = !run.archivedAt;
  const isOpen = run.status === 'QUEUED' || run.status === 'RUNNING';
  function archive() {
    return action.run(
      () => archiveRun({ variables: { id: run.id, archived } }),
      archived ? 'Archived' : 'Restored',
    );
  }
  async function confirmDelete() {
    await deleteRun({ variables: { id: run.id } });
    router.push('/runs');
  }
  return (
    <>
      <Menu
        trigger={
          <Button size="icon" aria-label="More actions">
            <Ellipsis />
          </Button>
        }
      >
        <MenuItem onSelect={() => router.push(linkToComparison([run.id]))}>
          <GitCompareArrows />
          Compare with…
        </MenuItem>
        <MenuItem onSelect={archive}>
          {archived ? <Archive /> : <ArchiveRestore />}
          {archived ? 'Archive run' : 'Restore from archive'}
        </MenuItem>
        <MenuItem disabled={isOpen} onSelect={() => setDeleting(true)}>
          <Trash2 />
          Delete run
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${run.name}?`}
        confirm="Delete run"
        done={`${run.name} was deleted; its disk is being freed`}
        onConfirm={confirmDelete}
      >
        Its curves, predictions and weights are deleted from disk. This cannot be undone; archiving only hides
        it.
      </ConfirmDialog>
    </>
  );
}
