'use client';
/** What is done with a report: it is written, frozen or thawed, saved as a file, deleted. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { Download, EllipsisVertical, Pencil, Snowflake, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { OwnNameField } from '../../../access/own-name-field.tsx';
import { LEAVING } from '../../../api/cache-client.ts';
import { useAction } from '../../../api/use-action.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import '../../../form/checked-values.ts';
import { useFormAction } from '../../../form/use-form-action.ts';
import {
  DeleteReportDocument,
  FreezeReportDocument,
  type ReportFactsFragment,
  type ReportPartsFragment,
  ThawReportDocument,
} from '../../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';

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

const schema = z.object({ who: z.string().trim() });

function Freeze({ report: { id, version } }: { report: ReportFactsFragment }) {
  const [isOpen, setOpen] = useState(false);
  const [freezeReport] = useMutation(FreezeReportDocument);
  const form = useForm<z.infer<typeof schema>>({ resolver: zodResolver(schema), defaultValues: { who: '' } });
  const action = useFormAction(form, { frozenBy: 'who' });
  const submit = form.handleSubmit(async ({ who }) => {
    const variables = { id, version, frozenBy: who || null };
    if (await action.run(() => freezeReport({ variables }), 'The report is frozen')) setOpen(false);
  });
  return (
    <Dialog
      title="Freeze this report"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Snowflake />
          Freeze
        </Button>
      }
    >
      <form onSubmit={submit} aria-label="Freeze report" className="flex flex-col gap-4">
        <p className="text-sm text-muted-foreground">
          What every panel shows now is kept and no longer asked for. The text does not change either until it
          is thawed.
        </p>
        <OwnNameField
          hint="Shown with the report."
          error={form.formState.errors.who?.message}
          registered={form.register('who')}
          fill={(name) => form.setValue('who', name)}
        />
        <div className="flex justify-end">
          <Button type="submit" look="primary" disabled={action.busy}>
            Freeze now
          </Button>
        </div>
      </form>
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
