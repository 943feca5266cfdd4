'use client';
/** Analysed slides in a table: how far each is, how much was called, and the files of what was found. */
import { useMutation } from '@apollo/client/react';
import { linkToViewer } from '../../address/page-addresses.ts';
import { useFileUrl } from '../../api/api-provider.tsx';
import { describeError } from '../../api/error-sentence.ts';
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { isSettled } from '../../external-evaluation/use-settled-poll.ts';
import { formatAmount, formatCount } from '../../format/format-number.ts';
import { formatTimeLeft } from '../../format/format-time.ts';
import {
  CancelSlideAnalysisDocument,
  type SlideAnalysisRowFragment,
} from '../../graphql/generated/graphql.ts';
import { StatusBadge } from '../../run/status-badge.tsx';
import { Button } from '../../ui/button.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { findTwins } from './find-twins.ts';

type Row = SlideAnalysisRowFragment;

export function AnalysisTable({ rows }: { rows: readonly Row[] }) {
  const twins = findTwins(rows);
  return (
    <PlainTable
      caption="Analysed slides"
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        {
          header: 'Slide',
          className: 'min-w-40',
          cell: (row) => <SlideName row={row} isTwin={twins.has(row.name)} />,
        },
        {
          header: 'Model',
          cell: ({ version: { number, model } }) => (
            <TextLink href={`/models/${model.id}`}>
              {model.name} v{number}
            </TextLink>
          ),
        },
        { header: 'State', className: 'min-w-44', cell: (row) => <State row={row} /> },
        {
          header: 'Tissue',
          align: 'right',
          className: 'whitespace-nowrap',
          cell: ({ tissueMm2 }) => describeMm2(tissueMm2),
        },
        {
          header: 'Called',
          align: 'right',
          className: 'whitespace-nowrap',
          cell: ({ calledMm2, positiveName }) => (
            <>
              <span className="font-semibold">{describeMm2(calledMm2)}</span>
              <span className="block text-xs text-muted-foreground">{positiveName}</span>
            </>
          ),
        },
        {
          header: 'Asked',
          cell: ({ requestedBy, createdAt }) => (
            <>
              <Moment at={createdAt} />
              <span className="block text-xs text-muted-foreground">by {requestedBy}</span>
            </>
          ),
        },
        { header: 'Files', cell: (row) => <Files row={row} /> },
      ]}
    />
  );
}

function SlideName({ row, isTwin }: { row: Row; isTwin: boolean }) {
  return (
    <>
      {row.patchesTotal > 0 ? (
        <TextLink href={linkToViewer({ analysis: row.id })} title={row.path}>
          {row.name}
        </TextLink>
      ) : (
        <span title={row.path}>{row.name}</span>
      )}
      {isTwin && <span className="block break-all text-xs text-muted-foreground">{row.path}</span>}
    </>
  );
}

function State({ row }: { row: Row }) {
  const { id, name, status, wait, error, patchesDone, patchesTotal, secondsLeft, cancelRequestedAt } = row;
  const [cancel, { loading, error: failure }] = useMutation(CancelSlideAnalysisDocument);
  const left = formatTimeLeft(secondsLeft);
  return (
    <div className="flex flex-col items-start gap-1">
      <StatusBadge status={status} canceling={status === 'RUNNING' && Boolean(cancelRequestedAt)} />
      {status === 'RUNNING' && (
        <ProgressBar
          value={patchesTotal > 0 ? patchesDone / patchesTotal : null}
          label={`Progress on ${name}`}
        />
      )}
      {!isSettled(row) && (
        <p className="text-xs text-muted-foreground">
          {patchesTotal > 0
            ? `${formatCount(patchesDone)} of ${formatCount(patchesTotal)} squares${left ? `, ${left}` : ''}`
            : 'tissue not found yet'}
        </p>
      )}
      {wait && <p className="max-w-72 text-xs text-muted-foreground">{wait}</p>}
      {error && (
        <p className="max-w-72 min-w-36 text-xs break-words whitespace-normal text-muted-foreground">
          {error}
        </p>
      )}
      {!isSettled(row) && !cancelRequestedAt && (
        <Button
          size="sm"
          disabled={loading}
          aria-label={`Cancel the analysis of ${name}`}
          // What is wrong stands below.
          onClick={() => void cancel({ variables: { id } }).catch(() => undefined)}
        >
          Cancel
        </Button>
      )}
      {failure && <p className="text-xs text-danger">{describeError(failure)}</p>}
    </div>
  );
}

function Files({ row }: { row: Row }) {
  const toUrl = useFileUrl();
  const files = [
    ['Squares (CSV)', row.squaresUrl],
    ['Hot spots (CSV)', row.spotsUrl],
    ['Hot spots (GeoJSON)', row.geoJsonUrl],
    ['Heatmap (PNG)', row.heatmapUrl],
  ] as const;
  return (
    <ul className="flex flex-col text-xs whitespace-nowrap">
      {files.map(([label, path]) =>
        path ? (
          <li key={label}>
            <a className="underline hover:text-foreground" href={toUrl(path)} download>
              {label}
            </a>
          </li>
        ) : null,
      )}
    </ul>
  );
}

function describeMm2(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : `${formatAmount(value)} mm²`;
}
