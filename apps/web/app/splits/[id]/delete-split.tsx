'use client';
/** Deletes a split that no run uses and whose TEST was never opened; the API refuses otherwise. */
import { useMutation } from '@apollo/client/react';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { LEAVING } from '../../../api/cache-client.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DeleteSplitDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';

export function DeleteSplit({ splitId, name }: { splitId: string; name: string }) {
  const router = useRouter();
  const [deleteSplit] = useMutation(DeleteSplitDocument, LEAVING);
  async function confirm() {
    await deleteSplit({ variables: { id: splitId } });
    router.push('/splits');
  }
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete split"
      done={`${name} was deleted`}
      onConfirm={confirm}
      trigger={
        <Button look="danger">
          <Trash2 />
          Delete
        </Button>
      }
    >
      This is refused while a run uses it, or if its TEST was opened. The same strategy and seed make the same
      split again.
    </ConfirmDialog>
  );
}
