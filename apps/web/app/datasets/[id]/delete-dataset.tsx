'use client';
/** Deletes a dataset and frees its disk space; the API refuses while splits or experiments use it. */
import { useMutation } from '@apollo/client/react';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DeleteDatasetDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';

export function DeleteDataset({ datasetId, name }: { datasetId: string; name: string }) {
  const router = useRouter();
  const [deleteDataset] = useMutation(DeleteDatasetDocument, { refetchQueries: ['Datasets'] });
  async function confirm() {
    await deleteDataset({ variables: { id: datasetId } });
    router.push('/datasets');
  }
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete dataset"
      done={`${name} was deleted`}
      onConfirm={confirm}
      trigger={
        <Button look="danger">
          <Trash2 />
          Delete
        </Button>
      }
    >
      Its patches are deleted from disk. This is refused while a split or an experiment uses it.
    </ConfirmDialog>
  );
}
