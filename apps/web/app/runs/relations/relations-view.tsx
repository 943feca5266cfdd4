'use client';
/** What a number of runs depends on: each hyperparameter alone, any other value, and several at once; owns the address. */
import { useQuery } from '@apollo/client/react';
import { ListChecks } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { linkToRuns, RELATIONS_PARAMETERS, type RelationSearch } from '../../../address/page-addresses.ts';
import { describeError } from '../../../api/error-sentence.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import { formatCount } from '../../../format/format-number.ts';
import {
  RunInfluenceDocument,
  type RunInfluenceQuery,
  RunRelationsDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { RunQueryLine } from '../run-query-line.tsx';
import { EMPTY_SEARCH, toRunVariables } from '../run-search.ts';
import { FieldChoice } from './field-choice.tsx';
import { InfluenceCard } from './influence-card.tsx';
import { listPoints } from './list-points.ts';
import { ParallelCard, ScatterCard } from './relation-cards.tsx';

/** As many runs as a page of the API gives. */
const DRAWN_RUNS = 1_000;
/** More axes than this cannot be read next to one another. */
const AXES = 6;

export function RelationsView() {
  const [search, setSearch] = useQueryStates(RELATIONS_PARAMETERS);
  const change = (part: Partial<RelationSearch>) => void setSearch(part);
  const { of, against, ...filters } = search;
  const { filter, query } = toRunVariables({ ...EMPTY_SEARCH, ...filters });
  const result = useQuery(RunInfluenceDocument, { variables: { filter, query, of } });
  const influences = (result.data ?? result.previousData)?.hyperparameterInfluence;
  return (
    <>
      <PageHeader
        title="Relations of runs"
        note="What a number depends on. Runs differ in several things at once, and what varies together cannot be told apart."
        actions={
          <Button asChild>
            <Link href={linkToRuns(filters)}>
              <ListChecks />
              Run table
            </Link>
          </Button>
        }
      />
      <RunQueryLine
        value={search.query}
        error={result.error && search.query ? describeError(result.error) : undefined}
        onChange={(line) => change({ query: line })}
      />
      <div className="mb-5 grid gap-3 sm:grid-cols-2">
        <FieldChoice label="Number" value={of} onlyNumbers onChange={(field) => change({ of: field })} />
        <FieldChoice
          label="Against"
          value={against}
          placeholder={influences?.[0]?.field ?? 'any field'}
          onChange={(field) => change({ against: field })}
        />
      </div>
      <QueryFrame {...result} data={influences}>
        {(found) => (
          <Pictures
            of={of}
            against={against || (found[0]?.field ?? 'architecture')}
            influences={found}
            filter={{ filter, query }}
            onAgainst={(field) => change({ against: field })}
          />
        )}
      </QueryFrame>
    </>
  );
}

type PicturesProps = {
  of: string;
  against: string;
  influences: RunInfluenceQuery['hyperparameterInfluence'];
  filter: Pick<ReturnType<typeof toRunVariables>, 'filter' | 'query'>;
  onAgainst: (field: string) => void;
};

function Pictures({ of, against, influences, filter, onAgainst }: PicturesProps) {
  const axes = influences.slice(0, AXES).map(({ field }) => field);
  const fields = [...new Set([of, against, ...axes])];
  const result = useQuery(RunRelationsDocument, {
    variables: { ...filter, fields, first: DRAWN_RUNS },
  });
  const runs = (result.data ?? result.previousData)?.runs;
  return (
    <QueryFrame {...result} data={runs}>
      {({ totalCount, edges }) => {
        const nodes = edges.map(({ node }) => node);
        const points = listPoints(nodes, { fields: [against], of });
        if (totalCount === 0) return <EmptyState title="No run matches" />;
        return (
          <div className="flex flex-col gap-5">
            <p className="text-sm text-muted-foreground">
              {countNoun(points.length, 'run')} of {formatCount(totalCount)} drawn
              {totalCount > DRAWN_RUNS && `; of more than ${formatCount(DRAWN_RUNS)} the newest`}
              {points.length < nodes.length && '; the others lack one of the two values'}.
            </p>
            <ScatterCard points={points} of={of} against={against} />
            <InfluenceCard influences={influences} of={of} against={against} onAgainst={onAgainst} />
            {axes.length > 1 && (
              <ParallelCard points={listPoints(nodes, { fields: axes, of })} of={of} axes={axes} />
            )}
          </div>
        );
      }}
    </QueryFrame>
  );
}
