'use client';
/** Each run on each site, the runs of one site below one another: a mean over sites hides the one on which a run fails. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { SeriesSwatch } from '../../charts/series-swatch.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { describeSites, useSiteColumns } from '../../evaluation/site-figures.tsx';
import { ComparedSitesDocument } from '../../graphql/generated/graphql.ts';
import { SubsetMark } from '../../split/subset-mark.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import type { UnitWords } from '../../unit/unit-words.ts';
import { MOST_DRAWN_RUNS } from './comparison-request.ts';
import type { Comparison } from './comparison-types.ts';
import { groupBySite } from './group-by-site.ts';

type ComparedSitesProps = { runs: Comparison['runs']; positiveClass: string; unit: UnitWords };

/** Nothing where no source tells a site. */
export function ComparedSites({ runs, positiveClass, unit }: ComparedSitesProps) {
  const columns = useSiteColumns({ positiveClass, unit });
  const drawn = useMemo(() => runs.slice(0, MOST_DRAWN_RUNS), [runs]);
  // Not cached: evaluations have no id of their own, so this answer would overwrite the page's.
  const query = useQuery(ComparedSitesDocument, {
    variables: { runIds: drawn.map(({ id }) => id) },
    fetchPolicy: 'no-cache',
  });
  const found = (query.data ?? query.previousData)?.compareRuns.runs ?? [];
  const { subset, rows } = groupBySite(drawn, found);
  if (rows.length === 0) return null;
  return (
    <Card
      flush
      title={
        <span className="flex items-center gap-2">
          Sites <SubsetMark subset={subset} />
        </span>
      }
      note={`${describeSites({ subset, unit })} Each run is at its own threshold.${drawn.length < runs.length ? ` Of the first ${drawn.length} runs.` : ''}`}
    >
      <PlainTable
        caption={`Sites of ${subset}, run by run`}
        rows={rows}
        rowKey={({ site, run }) => `${run.id} ${site}`}
        columns={[
          { header: 'Site', cell: ({ site }) => <b>{site}</b> },
          {
            header: 'Run',
            cell: ({ run, index }) => (
              <span className="inline-flex items-center gap-2">
                <SeriesSwatch index={index} />
                <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>
              </span>
            ),
          },
          ...columns,
        ]}
      />
    </Card>
  );
}
