/** Every run, to find, sort and compare. */
import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { Suspense } from 'react';
import { RUNS_PARAMETERS } from '../../address/page-addresses.ts';
import { askEarly, EarlyQuestions } from '../../components/early-questions.tsx';
import { RunsDocument } from '../../graphql/generated/graphql.ts';
import { FIRST_PAGE_SIZE, toRunVariables } from './run-search.ts';
import { RunsView } from './runs-view.tsx';

export const metadata: Metadata = { title: 'Runs' };

const readSearch = createLoader(RUNS_PARAMETERS);

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await readSearch(searchParams);
  const variables = { ...toRunVariables(search), columns: [], first: FIRST_PAGE_SIZE };
  // Of columns that the address names, the page itself tells those that have to be asked for.
  const isKnown = search.columns === null && search.group === '';
  return (
    <>
      <EarlyQuestions questions={isKnown ? [askEarly(RunsDocument, variables)] : []} />
      <Suspense>
        <RunsView />
      </Suspense>
    </>
  );
}
