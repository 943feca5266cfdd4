'use client';
/** Promotes a version with a reason. */
import { useQueryStates } from 'nuqs';
import { MODEL_PARAMETERS } from '../../../address/page-addresses.ts';
import type { ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const PromoteForm = loadLater(
  async () => (await import('./promote-form.tsx')).PromoteForm,
  <Skeleton className="h-96" />,
);

type Version = ModelPageFragment['versions'][number];

export function PromoteDialog({ version, modelName }: { version: Version; modelName: string }) {
  const [{ promote }, setAddress] = useQueryStates(MODEL_PARAMETERS);
  const open = promote === version.number;
  const setOpen = (isOpen: boolean) => void setAddress({ promote: isOpen ? version.number : null });
  return (
    <Dialog
      title={`Promote version ${version.number} to champion`}
      description={`${modelName}@champion then points to this version. The promotion is recorded with who, when and why.`}
      open={open}
      onOpenChange={setOpen}
      prepare={PromoteForm.load}
      className="max-w-2xl"
      trigger={
        <Button size="sm" look={version.gate.allowed ? 'primary' : 'outline'}>
          Promote version {version.number}
        </Button>
      }
    >
      <PromoteForm version={version} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
