'use client';
/** The files that were analysed, a line each, the highest probability first if asked. */
import { useMemo, useRef, useState } from 'react';
import type { AnalysedFile } from '../../analyser/messages.ts';
import { type FileSummary, summarise } from '../../analyser/rules/summarise.ts';
import { formatCount, formatMetric } from '../../format/format-number.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { type PlainColumn, PlainTable } from '../../ui/plain-table.tsx';

type FileTableProps = {
  files: readonly AnalysedFile[];
  threshold: number;
  stride: number;
  shown: AnalysedFile | null;
  onShow: (file: AnalysedFile) => void;
};

type Row = { file: AnalysedFile; summary: FileSummary };

const SHOWN_MAX = 200;
const KINDS = { PATCH: 'patch', REGION: 'region', SLIDE: 'slide' } as const;

export function FileTable({ files, threshold, stride, shown, onShow }: FileTableProps) {
  const [order, setOrder] = useState<'name' | 'highest'>('name');
  const first = useSame(files.slice(0, SHOWN_MAX));
  const summed = order === 'name' ? first : files;
  const rows = useMemo(() => {
    const all = summed.map((file): Row => ({ file, summary: summarise(file, { threshold, stride }) }));
    if (order === 'name') return all;
    return all.sort((a, b) => b.summary.highest - a.summary.highest).slice(0, SHOWN_MAX);
  }, [summed, threshold, stride, order]);
  const table = useMemo(
    () => (
      <PlainTable
        caption="Analysed files"
        rows={rows}
        rowKey={({ file }) => file.path}
        columns={listColumns({ shown, onShow })}
      />
    ),
    [rows, shown, onShow],
  );
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-2 text-xs text-muted-foreground">
        <span>
          {files.length > SHOWN_MAX
            ? `The first ${SHOWN_MAX} of ${formatCount(files.length)} files are shown; the CSV has all.`
            : 'The CSV has every patch with its place.'}
        </span>
        <Select
          aria-label="Order of the files"
          className="w-48"
          value={order}
          onChange={({ target }) => setOrder(target.value === 'highest' ? 'highest' : 'name')}
        >
          <option value="name">as dropped</option>
          <option value="highest">highest probability first</option>
        </Select>
      </div>
      {table}
    </>
  );
}

/** The list of before as long as it has the same files: while more come, the lines that are shown already are not drawn again. */
function useSame(files: readonly AnalysedFile[]): readonly AnalysedFile[] {
  const kept = useRef(files);
  const isSame = kept.current.length === files.length && files.every((file, at) => file === kept.current[at]);
  if (!isSame) kept.current = files;
  return kept.current;
}

function listColumns({ shown, onShow }: Pick<FileTableProps, 'shown' | 'onShow'>): PlainColumn<Row>[] {
  return [
    { header: 'File', cell: ({ file }) => <span className="block min-w-40 break-all">{file.path}</span> },
    { header: 'Is', cell: ({ file }) => `${file.left > 0 ? 'part of a ' : ''}${KINDS[file.kind]}` },
    {
      header: 'Pixels',
      align: 'right',
      cell: ({ file }) => (
        <span className="whitespace-nowrap">
          {formatCount(file.widthPx)} × {formatCount(file.heightPx)}
        </span>
      ),
    },
    { header: 'Patches', align: 'right', cell: ({ summary }) => formatCount(summary.patches) },
    {
      header: 'Called',
      align: 'right',
      cell: ({ summary: { called } }) =>
        called > 0 ? <Badge tone="caution">{formatCount(called)}</Badge> : formatCount(called),
    },
    {
      header: 'Mean',
      align: 'right',
      cell: ({ summary }) => formatMetric(summary.patches ? summary.mean : null),
    },
    {
      header: 'Highest',
      align: 'right',
      cell: ({ summary }) => formatMetric(summary.patches ? summary.highest : null),
    },
    {
      header: 'Area called',
      align: 'right',
      cell: ({ summary: { calledMm2 } }) =>
        calledMm2 === null ? 'unknown' : `${formatMetric(calledMm2)} mm²`,
    },
    {
      header: 'Heatmap',
      cell: ({ file }) =>
        file.overview && (
          <Button
            size="sm"
            aria-pressed={file === shown}
            aria-label={`show ${file.path}`}
            onClick={() => onShow(file)}
          >
            show
          </Button>
        ),
    },
  ];
}
