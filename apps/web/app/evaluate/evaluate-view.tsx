'use client';
/** Drop a table of scores, and read what it tells of its models by patient. Nothing of it is stored. */
import { useState } from 'react';
import { useUncachedQuery } from '../../api/use-uncached-query.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { readTextFiles } from '../../form/text-files.ts';
import { formatCount } from '../../format/format-number.ts';
import { EvaluateTableDocument } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DownloadJson } from './download-json.tsx';
import { EvaluatedTable } from './evaluated-table.tsx';
import { EMPTY_TABLE, type TableDraft, toTableInput } from './table-draft.ts';
import { TableOptions } from './table-options.tsx';

export function EvaluateView() {
  const [table, setTable] = useState<TableDraft>(EMPTY_TABLE);
  const [unread, setUnread] = useState<string | null>(null);
  const { data, refusal, busy, ask } = useUncachedQuery(EvaluateTableDocument);
  const input = toTableInput(table);
  function choose(changed: TableDraft) {
    setTable(changed);
    const asked = toTableInput(changed);
    void ask(asked && { table: asked });
  }
  async function take(chosen: readonly File[]) {
    const read = await readTextFiles(chosen, { noun: 'table', command: 'npm run evaluate' });
    setUnread('refusal' in read ? read.refusal : null);
    choose({ ...EMPTY_TABLE, file: 'files' in read ? (read.files[0] ?? null) : null });
  }
  return (
    <>
      <PageHeader
        title="Evaluate a table"
        note="The predictions of any models are judged by patient and compared, from a label and a score in each row. Nothing of it is stored."
        actions={data && input && <DownloadJson table={input} />}
      />
      <div className="flex flex-col gap-5">
        <Card>
          <div className="flex flex-col gap-4">
            <FileDrop
              label="Table of scores"
              title="Drop a table here, or choose it"
              hint="CSV, TSV or Parquet with a row for each patch or slide: label, patient, and the scores of one or several models."
              accept=".csv,.tsv,.txt,.parquet"
              onFiles={(chosen) => void take(chosen)}
            />
            {table.file && (
              <p className="text-xs break-all text-muted-foreground">
                {table.file.name}, {formatCount(table.file.text.length)} characters
              </p>
            )}
            {table.file && <TableOptions table={table} onChoose={choose} onType={setTable} />}
          </div>
        </Card>
        {busy && (
          <div role="status" aria-label="Evaluating the table">
            <Skeleton className="h-60" />
          </div>
        )}
        {(unread ?? refusal) && (
          <Notice tone="caution" title="Nothing can be said of this table">
            {unread ?? refusal}
          </Notice>
        )}
        {data && <EvaluatedTable evaluation={data.evaluateTable} />}
      </div>
    </>
  );
}
