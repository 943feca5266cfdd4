/** Plans splits by site: named sites held out, each left out once, or folds of whole sites. */
import { invariant } from '@microtome/domain/app-error';
import {
  holdSitesOut,
  leaveOneSiteOut,
  type SitedPatient,
  type SiteSplit,
  splitPreservingSites,
} from '@microtome/domain/split/site-split';
import { NAME_LENGTH_MAX } from '@microtome/domain/text-rules';
import type { Store } from '../store.ts';
import { type Plan, type PlannedSplit, planByPatient } from './split-rows.ts';

const DEFAULT_FOLDS = 5;

/** Whole sites on each side: named ones held out, each left out once, or folds of them. */
export async function planBySite(store: Store, plan: Plan): Promise<PlannedSplit[]> {
  const { strategy, testSites, validationSites, folds = DEFAULT_FOLDS, name } = plan.request;
  const patients = await addSites(store, plan);
  if (strategy === 'BY_SITE' && testSites) {
    const split = holdSitesOut({ patients, testSites, validationSites });
    return [planSites(plan, split, `TEST is ${testSites.join(', ')}`)];
  }
  const splits =
    strategy === 'BY_SITE' ? leaveOneSiteOut(patients) : splitPreservingSites({ patients, k: folds });
  return splits.map((split, fold) => {
    const held = split.sites.filter(({ subset }) => subset === 'TEST').map(({ site }) => site);
    const own = `TEST is ${held.join(', ')}`;
    const planned = planSites(plan, split, own);
    const row = { ...planned.row, fold, folds: splits.length, name: name ? `${name}, ${own}` : own };
    return { ...planned, row: { ...row, name: row.name.slice(0, NAME_LENGTH_MAX) } };
  });
}

function planSites(plan: Plan, { assignments, sites }: SiteSplit, title: string): PlannedSplit {
  const planned = planByPatient(plan, { assignments, seed: null, fractions: null, title });
  const siteOf = new Map(sites.map(({ site, subset }) => [site, subset]));
  invariant(
    assignments.every(({ site, subset }) => siteOf.get(site) === subset),
    'each patient is on the side of their site',
  );
  return {
    ...planned,
    sites,
    patients: planned.patients.map((one, at) => ({ ...one, site: assignments[at]!.site })),
  };
}

/** Patients with the sites of their slides. */
async function addSites(store: Store, { dataset, patients }: Plan): Promise<SitedPatient[]> {
  const slides = await store.database.prisma.slide.findMany({
    where: { datasetId: dataset.id },
    select: { patientId: true, site: true },
  });
  const sitesOf = Map.groupBy(slides, ({ patientId }) => patientId);
  return patients.map((patient) => {
    const sites = new Set(sitesOf.get(patient.patientId)?.flatMap(({ site }) => site ?? []));
    return { ...patient, sites: [...sites].sort() };
  });
}
