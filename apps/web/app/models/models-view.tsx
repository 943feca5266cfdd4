'use client';
/** The list of models. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useShowsProjects } from '../../access/use-shows-projects.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { ModelsDocument, type ModelsQuery } from '../../graphql/generated/graphql.ts';
import { OverrideMark } from '../../model/override-mark.tsx';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { loadLater } from '../../ui/load-later.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const CreateModelForm = loadLater(
  async () => (await import('./create-model-form.tsx')).CreateModelForm,
  <Skeleton className="h-56" />,
);

const PAGE_SIZE = 200;

export function ModelsView() {
  const [creating, setCreating] = useState(false);
  const query = useQuery(ModelsDocument, { variables: { first: PAGE_SIZE } });
  return (
    <>
      <PageHeader
        title="Models"
        note="Registered models. The alias champion points to the version in use; a version becomes champion only through the gate."
        actions={
          <Dialog
            title="Create model"
            open={creating}
            onOpenChange={setCreating}
            prepare={CreateModelForm.load}
            trigger={
              <Button look="primary">
                <Plus />
                Create model
              </Button>
            }
          >
            <CreateModelForm />
          </Dialog>
        }
      />
      <QueryFrame {...query}>
        {(data) =>
          data.models.edges.length === 0 ? (
            <EmptyState title="No model yet">
              Create one, then register a successful run here or on the run's page.
            </EmptyState>
          ) : (
            <ModelTable models={data.models.edges.map(({ node }) => node)} />
          )
        }
      </QueryFrame>
    </>
  );
}

type Model = ModelsQuery['models']['edges'][number]['node'];

function ModelTable({ models }: { models: readonly Model[] }) {
  const showsProjects = useShowsProjects();
  return (
    <Card flush>
      <PlainTable
        caption="Models"
        rows={models}
        rowKey={(row) => row.id}
        columns={[
          {
            header: 'Name',
            cell: (row) => <TextLink href={`/models/${row.id}`}>{row.name}</TextLink>,
          },
          ...(showsProjects ? [{ header: 'Project', cell: (row: Model) => row.project.name }] : []),
          {
            header: 'Champion',
            cell: (row) => <Champion champion={row.champion} aliases={row.aliases} />,
          },
          { header: 'Versions', align: 'right', cell: (row) => row.versions.length },
          {
            header: 'Promotions',
            align: 'right',
            cell: (row) => row.promotions.filter(({ act, allowed }) => allowed && act === 'PROMOTE').length,
          },
          {
            header: 'Taken back',
            align: 'right',
            cell: (row) => row.promotions.filter(({ act, allowed }) => allowed && act !== 'PROMOTE').length,
          },
          {
            header: 'Refused',
            align: 'right',
            cell: (row) => row.promotions.filter(({ allowed }) => !allowed).length,
          },
          {
            header: 'Description',
            cell: (row) => <span className="text-muted-foreground">{row.description}</span>,
          },
          { header: 'Created', cell: (row) => <Moment at={row.createdAt} /> },
        ]}
      />
    </Card>
  );
}

type ChampionProps = Pick<Model, 'champion' | 'aliases'>;

function Champion({ champion, aliases }: ChampionProps) {
  if (!champion) return <span className="text-muted-foreground">none</span>;
  return (
    <span className="inline-flex items-center gap-2">
      <Badge tone="accent">version {champion.number}</Badge>
      <TextLink href={`/runs/${champion.run.id}`}>{champion.run.name}</TextLink>
      {champion.run.unsafe && <UnsafeMark short />}
      <OverrideMark aliases={aliases} />
    </span>
  );
}
