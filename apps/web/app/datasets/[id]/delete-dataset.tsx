'use client';
/** Asks for the deletion of a dataset; the API refuses while a run depends on it. */
import { useMutation } from '@apollo/client/react';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { LEAVING } from '../../../api/cache-client.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DeleteDatasetDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';

export function DeleteDataset({ datasetId, name }: { datasetId: string; name: string }) {
  const router = useRouter();
  const [deleteDataset] = useMutation(DeleteDatasetDocument, LEAVING);
  async function confirm() {
    await deleteDataset({ variables: { id: datasetId } });
    router.push('/datasets');
  }
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete dataset"
      done={`${name} is being deleted`}
      onConfirm={confirm}
      trigger={
        <Button look="danger">
          <Trash2 />
          Delete
        </Button>
      }
    >
      Its patches are deleted from disk in the background. This is refused while a run depends on it.
    </ConfirmDialog>
  );
}
