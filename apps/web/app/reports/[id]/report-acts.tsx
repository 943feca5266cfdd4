'use client';
/** What is done with a report: it is written, frozen or thawed, saved as a file, deleted. */
import { useMutation } from '@apollo/client/react';
import { Download, EllipsisVertical, Pencil, Snowflake, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { LEAVING } from '../../../api/cache-client.ts';
import { useAction } from '../../../api/use-action.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import {
  DeleteReportDocument,
  type ReportFactsFragment,
  type ReportPartsFragment,
  ThawReportDocument,
} from '../../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const FreezeForm = loadLater(
  async () => (await import('./freeze-form.tsx')).FreezeForm,
  <Skeleton className="h-40" />,
);

type ReportActsProps = {
  report: ReportFactsFragment;
  blocks: readonly ReportPartsFragment[];
  onEdit: () => void;
};

export function ReportActs({ report, blocks, onEdit }: ReportActsProps) {
  const { mayChange, frozen } = report;
  const catalogue = useMetricCatalogue();
  const saving = useAction();
  async function save() {
    const { saveReport } = await import('./export/save-report.ts');
    await saveReport({ report, blocks, catalogue, now: new Date() });
  }
  return (
    <>
      <Button disabled={saving.busy || blocks.length === 0} onClick={() => void saving.run(save)}>
        <Download />
        Save as HTML
      </Button>
      {mayChange && (frozen ? <Thaw reportId={report.id} /> : <Freeze report={report} />)}
      {mayChange && !frozen && (
        <Button look="primary" onClick={onEdit}>
          <Pencil />
          Edit
        </Button>
      )}
      {mayChange && <MoreActs report={report} />}
    </>
  );
}

function Thaw({ reportId }: { reportId: string }) {
  const [thawReport] = useMutation(ThawReportDocument);
  return (
    <ConfirmDialog
      trigger={
        <Button>
          <Sun />
          Thaw
        </Button>
      }
      title="Thaw this report"
      confirm="Thaw"
      done="The panels are live again"
      onConfirm={() => thawReport({ variables: { id: reportId } })}
    >
      Its panels show the runs as they are now. What it was frozen with is gone; save it as HTML first to keep
      it.
    </ConfirmDialog>
  );
}

function Freeze({ report }: { report: ReportFactsFragment }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title="Freeze this report"
      open={isOpen}
      onOpenChange={setOpen}
      prepare={FreezeForm.load}
      trigger={
        <Button>
          <Snowflake />
          Freeze
        </Button>
      }
    >
      <FreezeForm report={report} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function MoreActs({ report: { id, name } }: { report: ReportFactsFragment }) {
  const router = useRouter();
  const [isDeleting, setDeleting] = useState(false);
  const [deleteReport] = useMutation(DeleteReportDocument, LEAVING);
  return (
    <>
      <Menu
        trigger={
          <Button look="ghost" aria-label="More actions">
            <EllipsisVertical />
          </Button>
        }
      >
        <MenuItem onSelect={() => setDeleting(true)}>Delete report</MenuItem>
      </Menu>
      <ConfirmDialog
        open={isDeleting}
        onOpenChange={setDeleting}
        title={`Delete ${name}`}
        confirm="Delete report"
        done="The report was deleted"
        onConfirm={async () => {
          await deleteReport({ variables: { id } });
          router.push('/reports');
        }}
      >
        Its text, and what it was frozen with, are gone for everybody. The runs stay.
      </ConfirmDialog>
    </>
  );
}
