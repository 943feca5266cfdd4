'use client';
/** The runs that match in groups: how many, and mean and spread of each number; a group opens to its runs. */
import { useQuery } from '@apollo/client/react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import { formatCount } from '../../../format/format-number.ts';
import { RunGroupsDocument } from '../../../graphql/generated/graphql.ts';
import { classNames } from '../../../ui/class-names.ts';
import { addCondition } from '../columns/condition-line.ts';
import type { RunColumn } from '../columns/run-column.ts';
import { toRunVariables } from '../run-search.ts';
import type { PlacedColumn } from '../table/place-columns.ts';
import { type LineActs, TableFrame } from '../table/table-frame.tsx';
import { nameGroup, type RunGroup, writeGroupCondition } from './group-condition.ts';
import { GroupRuns } from './group-runs.tsx';
import { showMeasure } from './show-measure.tsx';

const GROUPS_MAX = 500;
const MEASURES_MAX = 20;

type RunGroupsProps = {
  by: RunColumn;
  columns: readonly RunColumn[];
  search: RunSearch;
  acts: LineActs;
  onCondition: (condition: string) => void;
};

export function RunGroups({ by, columns, search, acts, onCondition }: RunGroupsProps) {
  const measured = columns.filter(({ isNumber }) => isNumber).slice(0, MEASURES_MAX);
  const { filter, query } = toRunVariables(search);
  const result = useQuery(RunGroupsDocument, {
    variables: {
      filter,
      query,
      groupBy: [by.name],
      measures: measured.map(({ name }) => name),
      first: GROUPS_MAX,
    },
  });
  const groups = (result.data ?? result.previousData)?.aggregateRuns;
  return (
    <QueryFrame {...result} data={groups}>
      {(found) => (
        <TableFrame
          label={`Runs by ${by.title}`}
          columns={columns}
          acts={acts}
          footer={
            <p className="border-t border-line px-4 py-2 text-xs text-muted-foreground">
              {countNoun(found.length, 'group')} by {by.title}; mean ± standard deviation of the runs that
              have the number
              {found.length === GROUPS_MAX && `; the ${formatCount(GROUPS_MAX)} largest are shown`}
            </p>
          }
        >
          {(placed) =>
            found.map((group) => (
              <GroupLines
                key={JSON.stringify(group.keys)}
                {...{ group, by, placed, measured, search, acts, onCondition }}
              />
            ))
          }
        </TableFrame>
      )}
    </QueryFrame>
  );
}

type GroupLinesProps = Omit<RunGroupsProps, 'columns'> & {
  group: RunGroup;
  placed: readonly PlacedColumn[];
  measured: readonly RunColumn[];
};

function GroupLines({ group, by, placed, measured, search, acts, onCondition }: GroupLinesProps) {
  const [isOpen, setOpen] = useState(false);
  const condition = writeGroupCondition(by, group);
  const name = nameGroup(group);
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <tr className="h-11 border-b border-line bg-surface hover:bg-surface-muted">
        <td className="sticky left-0 z-1 bg-inherit px-2">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Runs of ${name}`}
            disabled={condition === null}
            className="rounded-sm p-1 hover:bg-surface-muted disabled:opacity-40"
            onClick={() => setOpen(!isOpen)}
          >
            <Arrow className="size-4" aria-hidden />
          </button>
        </td>
        {placed.map(({ column, stickyStyle }, at) => (
          <td
            key={column.name}
            style={stickyStyle}
            className={classNames(
              'truncate px-2.5',
              column.align === 'right' && 'text-right',
              stickyStyle && 'z-1 bg-inherit',
            )}
          >
            {at === 0 && (
              <span className="block truncate">
                <span className="font-medium">{name}</span>
                <span className="text-xs text-muted-foreground"> {countNoun(group.count, 'run')}</span>
              </span>
            )}
            {at > 0 &&
              showMeasure(column, group.measures[measured.findIndex(({ name: of }) => of === column.name)])}
          </td>
        ))}
      </tr>
      {isOpen && condition !== null && (
        <GroupRuns
          search={{ ...search, query: addCondition(search.query, condition) }}
          placed={placed}
          acts={acts}
          onAll={() => onCondition(condition)}
        />
      )}
    </>
  );
}
