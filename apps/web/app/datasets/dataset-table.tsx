'use client';
/** Datasets in a table: size, class balance, refused files, splits. */
import type { ReactNode } from 'react';
import { useShowsProjects } from '../../access/use-shows-projects.ts';
import { linkToSplits } from '../../address/page-addresses.ts';
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { formatBytes, formatCount, formatShare } from '../../format/format-number.ts';
import type { DatasetsQuery } from '../../graphql/generated/graphql.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { type PlainColumn, PlainTable } from '../../ui/plain-table.tsx';
import { countUnits } from '../../unit/unit-words.ts';

type Row = DatasetsQuery['datasets']['edges'][number]['node'];

const NAME_COLUMN: PlainColumn<Row> = { header: 'Name', cell: describeName };
const PROJECT_COLUMN: PlainColumn<Row> = { header: 'Project', cell: (row) => row.project.name };
const COLUMNS: PlainColumn<Row>[] = [
  { header: 'Split by', align: 'right', cell: describeUnits },
  { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patchCount) },
  { header: 'Classes', align: 'right', cell: (row) => formatCount(row.classes.length) },
  { header: 'Positive', align: 'right', cell: describeBalance },
  { header: 'Patch', align: 'right', cell: (row) => `${row.patchSizePx} px` },
  { header: 'Refused files', align: 'right', cell: (row) => formatCount(row.refusedCount) },
  { header: 'Splits', cell: describeSplits },
  { header: 'Size', align: 'right', cell: (row) => formatBytes(row.bytes) },
  { header: 'Imported', cell: (row) => <Moment at={row.createdAt} /> },
];

export function DatasetTable({ datasets }: { datasets: Row[] }) {
  const columns = [NAME_COLUMN, ...(useShowsProjects() ? [PROJECT_COLUMN] : []), ...COLUMNS];
  return (
    <Card flush>
      <PlainTable caption="Datasets" columns={columns} rows={datasets} rowKey={(row) => row.id} />
    </Card>
  );
}

function describeName(row: Row): ReactNode {
  return (
    <span className="inline-flex items-center gap-2">
      <TextLink href={`/datasets/${row.id}`}>{row.name}</TextLink>
      {row.deletion && <Badge tone="caution">being deleted</Badge>}
    </span>
  );
}

/** By its first task. */
function describeBalance({ tasks: [task] }: Row): string {
  return task ? `${formatShare(task.positiveCount / task.patchCount)} ${task.positiveName}` : 'one class';
}

function describeUnits({ unit, patientCount }: Row): string {
  return countUnits(unit, patientCount);
}

function describeSplits(row: Row): ReactNode {
  const unsafe = row.splits.some((split) => split.unsafe);
  return (
    <span className="inline-flex items-center gap-2">
      <TextLink href={linkToSplits({ dataset: row.id })}>{row.splits.length}</TextLink>
      {unsafe && <UnsafeMark short />}
    </span>
  );
}
