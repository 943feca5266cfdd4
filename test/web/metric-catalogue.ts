/** The catalogue as the page has it from the API, which gives the domain's metrics field by field. */
import { METRICS } from '@microtome/domain/metrics/metric';
import { indexMetrics } from '../../apps/web/metrics/metric-catalogue.ts';

export const CATALOGUE = indexMetrics(METRICS);
