'use client';
/** Asks before a saved view is deleted. */
import { useMutation } from '@apollo/client/react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DeleteSavedViewDocument, type SavedViewFactsFragment } from '../../../graphql/generated/graphql.ts';

type DeleteDialogProps = {
  view: SavedViewFactsFragment;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onDone: () => void;
};

export function DeleteViewDialog({ view, isOpen, onOpenChange, onDone }: DeleteDialogProps) {
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
