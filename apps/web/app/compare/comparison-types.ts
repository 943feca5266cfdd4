/** The types of the API's comparison that several views of this page share. */
import type { ComparedPairsQuery, CompareRunsQuery } from '../../graphql/generated/graphql.ts';

export type Comparison = CompareRunsQuery['compareRuns'];

export type Pair = ComparedPairsQuery['compareRuns']['pairs'][number];
