/** The parts of the API's comparison as the views of this page share them. */
import type { ComparedPairsQuery, CompareRunsQuery } from '../../graphql/generated/graphql.ts';

export type Comparison = CompareRunsQuery['compareRuns'];

export type Pair = ComparedPairsQuery['compareRuns']['pairs'][number];
