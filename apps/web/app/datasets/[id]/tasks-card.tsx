'use client';
/** The tasks of a dataset, and the form of another one. */
import { useMutation } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { formatCount, formatShare } from '../../../format/format-number.ts';
import { type DatasetQuery, DeleteTaskDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const CreateTaskForm = loadLater(
  async () => (await import('./create-task-form.tsx')).CreateTaskForm,
  <Skeleton className="h-56" />,
);

type Dataset = NonNullable<DatasetQuery['dataset']>;
type Task = Dataset['tasks'][number];

export function TasksCard({ dataset: { id, classes, tasks } }: { dataset: Dataset }) {
  const [creating, setCreating] = useState(false);
  const create = (
    <Dialog
      title="Create task"
      open={creating}
      onOpenChange={setCreating}
      prepare={CreateTaskForm.load}
      trigger={
        <Button size="sm" disabled={classes.length < 2}>
          <Plus />
          Create task
        </Button>
      }
    >
      <CreateTaskForm
        datasetId={id}
        classNames={classes.map(({ name }) => name)}
        onCreated={() => setCreating(false)}
      />
    </Dialog>
  );
  return (
    <Card
      title="Tasks"
      note="What runs learn to tell apart. An experiment has one; it never changes."
      actions={create}
      flush
    >
      {tasks.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">
          All patches are of one class: there is nothing to tell apart.
        </p>
      ) : (
        <PlainTable
          caption="Tasks"
          rows={tasks}
          rowKey={(task) => task.id}
          columns={[
            { header: 'Task', cell: ({ name }) => name },
            { header: 'Positive', cell: (task) => listNames(task.positive) },
            { header: 'Negative', cell: (task) => listNames(task.negative) },
            { header: 'Left out', cell: (task) => listNames(task.leftOut) },
            { header: 'Patches', align: 'right', cell: (task) => formatCount(task.patchCount) },
            {
              header: 'Share positive',
              align: 'right',
              cell: (task) => formatShare(task.positiveCount / Math.max(1, task.patchCount)),
            },
            { header: 'Experiments', align: 'right', cell: (task) => formatCount(task.experimentCount) },
            { header: '', cell: (task) => (task === tasks[0] ? null : <DeleteTask task={task} />) },
          ]}
        />
      )}
    </Card>
  );
}

function DeleteTask({ task }: { task: Task }) {
  const [deleteTask] = useMutation(DeleteTaskDocument);
  if (task.experimentCount > 0) return null;
  return (
    <ConfirmDialog
      trigger={<Button size="sm">Delete</Button>}
      title={`Delete task ${task.name}?`}
      confirm="Delete task"
      done="Task deleted"
      onConfirm={() => deleteTask({ variables: { id: task.id } })}
    >
      No experiment has it.
    </ConfirmDialog>
  );
}

function listNames(classes: readonly { name: string }[]): string {
  return classes.map(({ name }) => name).join(', ') || '–';
}
