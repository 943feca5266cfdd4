'use client';
/** Splits in a table: strategy, sizes and balance of the three subsets, TEST openings, the mark on unsafe ones. */
import type { ReactNode } from 'react';
import { useShowsProjects } from '../access/use-shows-projects.ts';
import { TextLink } from '../components/text-link.tsx';
import { formatCount, formatShare } from '../format/format-number.ts';
import type { SplitRowFragment, Subset, TestBudgetOfSplitFragment } from '../graphql/generated/graphql.ts';
import { type PlainColumn, PlainTable } from '../ui/plain-table.tsx';
import { countUnits, type UnitWords } from '../unit/unit-words.ts';
import { countOpenings } from './count-openings.ts';
import { nameStrategy } from './name-strategy.ts';
import { UnsafeMark } from './unsafe-mark.tsx';

/** With the unit of its dataset, and the dataset where the table shows several. */
type Row = SplitRowFragment &
  TestBudgetOfSplitFragment & {
    unit: UnitWords;
    /** Of the first task of its dataset, by which shares are counted. */
    positiveClass: string | undefined;
    dataset?: { id: string; name: string; project: { name: string } };
  };

const BASE_COLUMNS: PlainColumn<Row>[] = [
  { header: 'Name', cell: describeName, className: 'min-w-64' },
  { header: 'Seed', align: 'right', cell: (row) => row.seed },
  subsetColumn('TRAIN'),
  subsetColumn('VALIDATION'),
  subsetColumn('TEST'),
  { header: 'TEST opened', align: 'right', cell: (row) => countOpenings(row) },
];
const DATASET_COLUMN: PlainColumn<Row> = {
  header: 'Dataset',
  className: 'whitespace-nowrap',
  cell: (row) => row.dataset && <TextLink href={`/datasets/${row.dataset.id}`}>{row.dataset.name}</TextLink>,
};

const PROJECT_COLUMN: PlainColumn<Row> = { header: 'Project', cell: (row) => row.dataset?.project.name };

export function SplitTable({ splits, empty }: { splits: readonly Row[]; empty: string }) {
  const showsProjects = useShowsProjects();
  if (splits.length === 0) return <p className="p-4 text-sm text-muted-foreground">{empty}</p>;
  const [name, ...rest] = BASE_COLUMNS;
  const home = showsProjects ? [DATASET_COLUMN, PROJECT_COLUMN] : [DATASET_COLUMN];
  const columns = splits[0]?.dataset && name ? [name, ...home, ...rest] : BASE_COLUMNS;
  return (
    <PlainTable
      caption="Splits"
      columns={columns}
      rows={splits}
      rowKey={(row) => row.id}
      rowProps={(row) => (row.unsafe ? { className: 'hatched border-b border-line last:border-0' } : {})}
    />
  );
}

function describeName(row: Row): ReactNode {
  return (
    <span className="flex flex-col items-start gap-0.5">
      <TextLink href={`/splits/${row.id}`}>{row.name}</TextLink>
      <span className="text-xs text-muted-foreground">{nameStrategy(row.strategy, row.unit)}</span>
      {row.unsafe && <UnsafeMark className="bg-surface" />}
    </span>
  );
}

function subsetColumn(subset: Subset): PlainColumn<Row> {
  return {
    header: subset,
    cell: (row) => {
      const part = row.subsets.find((candidate) => candidate.subset === subset);
      if (!part) return '–';
      return (
        <span className="block whitespace-nowrap">
          {countUnits(row.unit, part.patients)}
          <span className="block text-xs text-muted-foreground">
            {formatCount(part.patches)} patches, {formatShare(part.positiveShare)}{' '}
            {row.positiveClass ?? 'positive'}
          </span>
        </span>
      );
    },
  };
}
