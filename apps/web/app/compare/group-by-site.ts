/** The sites of several runs as one list, site by site, on TEST where it is open for any of them. Pure. */
import type { SiteFiguresFragment } from '../../graphql/generated/graphql.ts';

type Evaluation = { subset: string; sites: readonly SiteFiguresFragment[] };
type SiteRow<Run> = SiteFiguresFragment & { run: Run; index: number };

/** Within a site in the order of the runs; `index` is a run's place among them, which gives it its colour. */
export function groupBySite<Run extends { id: string }>(
  runs: readonly Run[],
  found: readonly { id: string; evaluations: readonly Evaluation[] }[],
): { subset: 'TEST' | 'VALIDATION'; rows: SiteRow<Run>[] } {
  const hasTest = found.some(({ evaluations }) => evaluations.some(({ subset }) => subset === 'TEST'));
  const subset = hasTest ? 'TEST' : 'VALIDATION';
  const rows = runs.flatMap((run, index) => {
    const evaluations = found.find(({ id }) => id === run.id)?.evaluations ?? [];
    const sites = evaluations.find((one) => one.subset === subset)?.sites ?? [];
    return sites.map((site) => ({ ...site, run, index }));
  });
  return {
    subset,
    rows: rows.sort((a, b) => a.site.localeCompare(b.site, 'en', { numeric: true }) || a.index - b.index),
  };
}
