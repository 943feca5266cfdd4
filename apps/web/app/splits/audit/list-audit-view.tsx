'use client';
/** Drop a list, and read which patients, slides or ids are on two of its sides. Nothing of it is stored. */
import Link from 'next/link';
import { useState } from 'react';
import { linkToSplits } from '../../../address/page-addresses.ts';
import { useUncachedQuery } from '../../../api/use-uncached-query.ts';
import { PageHeader } from '../../../components/page-header.tsx';
import { AuditSplitListDocument } from '../../../graphql/generated/graphql.ts';
import { EMPTY_LIST, type ListDraft, toListInput } from '../../../split/list-draft.ts';
import { ListDrop } from '../../../split/list-drop.tsx';
import { ListOptions } from '../../../split/list-options.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ListVerdict } from './list-verdict.tsx';

export function ListAuditView() {
  const [list, setList] = useState<ListDraft>(EMPTY_LIST);
  const { data, refusal, busy, ask } = useUncachedQuery(AuditSplitListDocument);
  const change = (changed: ListDraft) => {
    setList(changed);
    void ask(changed.files.length > 0 ? { list: toListInput(changed) } : null);
  };
  return (
    <>
      <PageHeader
        title="Audit a list"
        parent={{ href: '/splits', label: 'Splits' }}
        note="A published split, or one of another tool, is judged by its list alone, before an image is read. Nothing of it is stored."
        actions={
          <Button asChild>
            <Link href={linkToSplits({ create: true })}>Make a split of a list</Link>
          </Button>
        }
      />
      <div className="flex flex-col gap-5">
        <Card>
          <div className="flex flex-col gap-4">
            <ListDrop files={list.files} onFiles={(files) => change({ ...EMPTY_LIST, files })} />
            {list.files.length > 0 && <ListOptions list={list} onChange={change} />}
          </div>
        </Card>
        {busy && <Skeleton className="h-40" />}
        {refusal && (
          <Notice tone="caution" title="Nothing can be said of this list">
            {refusal}
          </Notice>
        )}
        {data && <ListVerdict verdict={data.auditSplitList} />}
      </div>
    </>
  );
}
