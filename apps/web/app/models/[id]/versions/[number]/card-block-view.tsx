'use client';
/** One block of a card as the page draws it. */
import { useCallback } from 'react';
import { Chart } from '../../../../../charts/chart.tsx';
import type { ChartPalette } from '../../../../../charts/chart-palette.ts';
import { buildReliabilityOption } from '../../../../../charts/reliability-option.ts';
import type { CardBlockPartsFragment } from '../../../../../graphql/generated/graphql.ts';
import { Notice } from '../../../../../ui/notice.tsx';
import { type PlainColumn, PlainTable } from '../../../../../ui/plain-table.tsx';

/** A SHA-256 in hexadecimal. */
const DIGEST = /^[0-9a-f]{64}$/;

type BlockProps = { block: CardBlockPartsFragment };

export function CardBlockView({ block }: BlockProps) {
  switch (block.kind) {
    case 'subheading':
      return <h3 className="mt-1 text-sm font-semibold">{block.text}</h3>;
    case 'paragraph':
      return <p className="max-w-3xl text-sm">{block.text}</p>;
    case 'list':
      return <Sentences items={block.items} />;
    case 'notice':
      return (
        <Notice tone="danger" title={block.text ?? undefined}>
          <Sentences items={block.items} />
        </Notice>
      );
    case 'facts':
      return <Facts block={block} />;
    case 'table':
      return <Table block={block} />;
    case 'code':
      return (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
          tabIndex={0}
          className="overflow-x-auto rounded-md border border-line bg-surface-muted px-3 py-2 font-mono text-xs"
        >
          {block.text}
        </pre>
      );
    case 'reliability':
      return <Reliability block={block} />;
    default:
      return null;
  }
}

function Sentences({ items }: { items: readonly string[] }) {
  return (
    <ul className="max-w-3xl list-disc pl-5 text-sm">
      {items.map((item) => (
        <li key={item} className="py-0.5">
          {item}
        </li>
      ))}
    </ul>
  );
}

function Facts({ block }: BlockProps) {
  return (
    <dl className="grid gap-x-6 gap-y-1.5 text-sm sm:grid-cols-[11rem_minmax(0,1fr)]">
      {block.rows.map(({ cells: [label, value] }) => (
        <div key={label?.text} className="contents">
          <dt className="text-muted-foreground max-sm:mt-1 max-sm:text-xs">{label?.text}</dt>
          <dd className="min-w-0 break-words">{value?.text}</dd>
        </div>
      ))}
    </dl>
  );
}

type Row = { number: number; cells: CardBlockPartsFragment['rows'][number]['cells'] };

function Table({ block }: BlockProps) {
  const rows = block.rows.map(({ cells }, number): Row => ({ number, cells }));
  const columns = block.columns.map(
    ({ header, alignRight, grows }, at): PlainColumn<Row> => ({
      header,
      ...(alignRight ? { align: 'right' } : {}),
      className: grows ? 'min-w-64' : 'whitespace-nowrap',
      cell: ({ cells }) => <Cell cell={cells[at]} />,
    }),
  );
  return (
    <div className="-mx-4">
      <PlainTable
        caption={block.columns.map(({ header }) => header).join(', ')}
        rows={rows}
        rowKey={({ number }) => String(number)}
        columns={columns}
      />
      {block.note && <p className="px-4 pt-2 text-xs text-muted-foreground">{block.note}</p>}
    </div>
  );
}

function Cell({ cell }: { cell: Row['cells'][number] | undefined }) {
  if (cell?.bold) return <strong>{cell.text}</strong>;
  return DIGEST.test(cell?.text ?? '') ? <span className="font-mono text-xs">{cell?.text}</span> : cell?.text;
}

function Reliability({ block }: BlockProps) {
  const build = useCallback(
    (palette: ChartPalette) =>
      buildReliabilityOption({
        palette,
        positiveClass: block.text ?? '',
        curves: [{ name: 'reliability', color: palette.accent, points: block.points }],
      }),
    [block],
  );
  return (
    <figure className="max-w-xl">
      <Chart build={build} label={block.note ?? 'Reliability'} className="h-72" />
      <figcaption className="mt-1 text-xs text-muted-foreground">{block.note}</figcaption>
    </figure>
  );
}
