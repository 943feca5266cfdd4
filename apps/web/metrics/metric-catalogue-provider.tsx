'use client';
/**
 * Asks the API for its catalogue of metrics once, while the first page asks for its own data; the frame around a page's
 * query waits for both, so that no page ever shows a metric by its bare name.
 */
import { useQuery } from '@apollo/client/react';
import { createContext, type ReactNode, use, useMemo } from 'react';
import { MetricCatalogueDocument } from '../graphql/generated/graphql.ts';
import { indexMetrics, type MetricCatalogue } from './metric-catalogue.ts';

type CatalogueState = { catalogue: MetricCatalogue | null; error: unknown; refetch: () => unknown };

const CatalogueContext = createContext<CatalogueState | null>(null);

export function MetricCatalogueProvider({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(MetricCatalogueDocument, { fetchPolicy: 'cache-first' });
  const metrics = data?.metricCatalogue;
  const catalogue = useMemo(() => (metrics ? indexMetrics(metrics) : null), [metrics]);
  const state = useMemo(() => ({ catalogue, error, refetch }), [catalogue, error, refetch]);
  return <CatalogueContext value={state}>{children}</CatalogueContext>;
}

/** The state of the catalogue's query; only below MetricCatalogueProvider. */
export function useCatalogueState(): CatalogueState {
  const state = use(CatalogueContext);
  if (!state) throw new Error('useCatalogueState is called outside MetricCatalogueProvider.');
  return state;
}

/** The catalogue; only below a QueryFrame, which waits for it. */
export function useMetricCatalogue(): MetricCatalogue {
  const { catalogue } = useCatalogueState();
  if (!catalogue) throw new Error('useMetricCatalogue is called outside a QueryFrame.');
  return catalogue;
}
