'use client';
/** The audit log, newest first: one act and one record at a time, or all, with what changed, and the whole as a file. */
import { useQuery } from '@apollo/client/react';
import { Download } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useFileUrl } from '../../api/api-provider.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { countNoun } from '../../format/count-noun.ts';
import { shortenId } from '../../format/short-id.ts';
import { AuditLogDocument, type AuditLogQuery } from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { AccountFrame } from '../account/account-frame.tsx';
import { describeChange } from './describe-change.ts';

type Filter = { act: string | null; subjectId: string | null };
type Entry = AuditLogQuery['auditLog']['edges'][number]['node'];

export function AuditView() {
  return <AccountFrame title="Audit log">{() => <AuditLog />}</AccountFrame>;
}

function AuditLog() {
  const fileUrl = useFileUrl();
  const [filter, setFilter] = useState<Filter>({ act: null, subjectId: null });
  const [cursors, setCursors] = useState<string[]>([]);
  const query = useQuery(AuditLogDocument, {
    variables: { filter, after: cursors.at(-1) ?? null },
  });
  return (
    <>
      <PageHeader
        title="Audit log"
        note="Every change in the projects that you manage: who, what, before, after, from where."
        actions={['csv', 'ndjson'].map((format) => (
          <Button key={format} asChild>
            <a href={fileUrl(`/audit.${format}`)}>
              <Download />
              {format.toUpperCase()}
            </a>
          </Button>
        ))}
      />
      <FilterForm
        onFilter={(next) => {
          setFilter(next);
          setCursors([]);
        }}
      />
      <QueryFrame {...query}>
        {({ auditLog }) => (
          <Card flush title={countNoun(auditLog.totalCount, 'entry')} className="mt-4">
            <EntryTable entries={auditLog.edges.map(({ node }) => node)} />
            <div className="flex gap-2 p-4">
              <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
                Newer
              </Button>
              <Button
                disabled={!auditLog.pageInfo.hasNextPage}
                onClick={() => setCursors([...cursors, auditLog.pageInfo.endCursor ?? ''])}
              >
                Older
              </Button>
            </div>
          </Card>
        )}
      </QueryFrame>
    </>
  );
}

function FilterForm({ onFilter }: { onFilter: (filter: Filter) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = (name: string) => String(form.get(name) ?? '').trim() || null;
    onFilter({ act: read('act'), subjectId: read('subjectId') });
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Field label="Act" className="w-52">
        <Input name="act" placeholder="openTest" />
      </Field>
      <Field label="Id of the record" className="w-80">
        <Input name="subjectId" />
      </Field>
      <Button type="submit">Show</Button>
    </form>
  );
}

function EntryTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <PlainTable
      caption="Audit log"
      rows={entries}
      rowKey={({ id }) => id}
      columns={[
        { header: 'When', cell: ({ at }) => <Moment at={at} /> },
        { header: 'Who', cell: ({ accountName }) => <span className="font-medium">{accountName}</span> },
        {
          header: 'Act',
          cell: ({ act, error }) => (error ? <Badge tone="danger">{act}, refused</Badge> : act),
        },
        {
          header: 'Done to',
          cell: ({ subjectNoun, subjectId }) => subjectId && `${subjectNoun} ${shortenId(subjectId)}`,
        },
        { header: 'What changed', cell: (entry) => <Change entry={entry} />, className: 'max-w-xl' },
        { header: 'From', cell: ({ address }) => address },
      ]}
    />
  );
}

function Change({ entry: { before, after, request, error } }: { entry: Entry }) {
  const changed = error ? [] : describeChange(before, after);
  return (
    <details className="text-xs">
      <summary className="cursor-pointer">
        {error ?? (changed.map(({ column }) => column).join(', ') || 'as asked')}
      </summary>
      <ul className="mt-1 font-mono break-all">
        {changed.map(({ column, before: was, after: is }) => (
          <li key={column}>
            {column}: {was} → {is}
          </li>
        ))}
        <li className="text-muted-foreground">{JSON.stringify(request)}</li>
      </ul>
    </details>
  );
}
