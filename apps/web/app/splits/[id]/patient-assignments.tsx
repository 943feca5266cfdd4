'use client';
/** The patients of each subset, or what the dataset is split by: a strip with one cell for each, then the table. */
import { useQuery } from '@apollo/client/react';
import { useMemo, useState } from 'react';
import { useEveryPage } from '../../../api/use-every-page.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { formatCount, formatShare } from '../../../format/format-number.ts';
import { SplitAssignmentsDocument } from '../../../graphql/generated/graphql.ts';
import { SubsetMark } from '../../../split/subset-mark.tsx';
import { Card } from '../../../ui/card.tsx';
import { Input } from '../../../ui/field.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { countUnits, type UnitWords } from '../../../unit/unit-words.ts';
import { arrangePatientStrip, type PatientCell } from './arrange-patient-strip.ts';
import { PatientStrip } from './patient-strip.tsx';

const PAGE_SIZE = 500;
const ROWS_SHOWN = 60;

type Wording = { positiveClass: string; unit: UnitWords };

export function PatientAssignments({ splitId, positiveClass, unit }: Wording & { splitId: string }) {
  const query = useQuery(SplitAssignmentsDocument, { variables: { id: splitId, first: PAGE_SIZE } });
  const connection = query.data?.split?.assignments;
  useEveryPage(connection?.pageInfo, (after) => query.fetchMore({ variables: { after } }));
  const cells = useMemo(
    () =>
      arrangePatientStrip(
        connection?.edges.map(({ node }) => ({ ...node.patient, subset: node.subset })) ?? [],
      ),
    [connection],
  );
  return (
    <Card
      title={`${unit.heading} by subset`}
      note={`One cell per ${unit.one}: colour is the subset, darkness the share of ${positiveClass}.`}
    >
      <QueryFrame {...query} data={connection} missing="This split" skeleton={<Skeleton className="h-40" />}>
        {() => (
          <>
            <PatientStrip cells={cells} positiveClass={positiveClass} unit={unit} />
            <PatientRows cells={cells} positiveClass={positiveClass} unit={unit} />
          </>
        )}
      </QueryFrame>
    </Card>
  );
}

function PatientRows({ cells, positiveClass, unit }: Wording & { cells: readonly PatientCell[] }) {
  const [search, setSearch] = useState('');
  const found = cells.filter(({ key }) => key.includes(search.trim()));
  return (
    <div className="mt-4">
      <Input
        type="search"
        aria-label={`Search ${unit.one}`}
        placeholder={`Search ${unit.one}`}
        className="mb-2 max-w-56"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <PlainTable
        boxClassName="max-h-80 rounded-md border border-line"
        caption={`${unit.heading} and their subset`}
        rows={found.slice(0, ROWS_SHOWN)}
        rowKey={(row) => row.id}
        columns={[
          { header: unit.title, cell: (row) => row.key },
          { header: 'Subset', cell: (row) => <SubsetMark subset={row.subset} /> },
          { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patchCount) },
          { header: positiveClass, align: 'right', cell: (row) => formatCount(row.positiveCount) },
          {
            header: `${positiveClass} share`,
            align: 'right',
            cell: (row) => formatShare(row.positiveShare),
          },
        ]}
      />
      {found.length > ROWS_SHOWN && (
        <p className="mt-1.5 text-xs text-muted-foreground">
          {ROWS_SHOWN} of {countUnits(unit, found.length)}; search to find another.
        </p>
      )}
    </div>
  );
}
