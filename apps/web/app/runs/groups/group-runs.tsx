'use client';
/** The runs of a group that was opened, the first of them in the table's order. */
import { useQuery } from '@apollo/client/react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { describeError } from '../../../api/error-sentence.ts';
import { formatCount } from '../../../format/format-number.ts';
import { RunsDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { toRunVariables } from '../run-search.ts';
import type { PlacedColumn } from '../table/place-columns.ts';
import { isSelected } from '../table/run-choice.ts';
import type { LineActs } from '../table/table-frame.tsx';
import { TableLine } from '../table/table-line.tsx';

const SHOWN_RUNS = 50;

type GroupRunsProps = {
  search: RunSearch;
  placed: readonly PlacedColumn[];
  acts: LineActs;
  onAll: () => void;
};

export function GroupRuns({ search, placed, acts, onAll }: GroupRunsProps) {
  const { data, error } = useQuery(RunsDocument, {
    variables: { ...toRunVariables(search), columns: [...acts.asked], first: SHOWN_RUNS },
  });
  const runs = data?.runs.edges.map(({ node }) => node) ?? [];
  const others = (data?.runs.totalCount ?? 0) - runs.length;
  return (
    <>
      {runs.map((run) => (
        <TableLine
          key={run.id}
          run={run}
          columns={placed}
          baseline={acts.baseline}
          selected={isSelected(acts.chosen, run.id)}
          onToggle={acts.onToggle}
          onValue={acts.onValue}
        />
      ))}
      {(others > 0 || !data) && (
        <tr className="h-10 border-b border-line">
          <td colSpan={placed.length + 1} className="px-4 text-xs text-muted-foreground">
            {error ? describeError(error) : data ? `${formatCount(others)} more. ` : 'Loading…'}
            {others > 0 && (
              <Button look="link" size="bare" onClick={onAll}>
                Show this group alone
              </Button>
            )}
          </td>
        </tr>
      )}
    </>
  );
}
