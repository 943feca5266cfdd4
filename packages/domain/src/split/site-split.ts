/**
 * Splits by site (centre, scanner, tissue source site): whole sites go to TRAIN, VALIDATION or TEST, so that what is
 * measured on TEST is measured where nothing was learned. Named sites are held out, or each site once, or folds of sites.
 */
import { AppError } from '../app-error.ts';
import { splitKFold } from './k-fold-split.ts';
import { compareKeys, type PatientAssignment, type PatientCounts } from './split.ts';
import { SUBSETS, type Subset } from './subset.ts';

/** With the sites of all its slides; none where the source does not tell. */
export type SitedPatient = PatientCounts & { sites: readonly string[] };

export type SiteSplit = {
  assignments: (PatientAssignment & { site: string })[];
  sites: { site: string; subset: Subset }[];
};

type Site = { name: string; counts: PatientCounts; patients: SitedPatient[] };

/** What VALIDATION should have of the patches that are not held out, where no site is named for it. */
const VALIDATION_SHARE = 0.25;

/**
 * Holds the named sites out as TEST. VALIDATION is the named ones, or else the one site that comes nearest to a quarter
 * of the rest. BAD_INPUT for a site that is not there or named twice, and where a side would have one class alone.
 */
export function holdSitesOut(request: {
  patients: readonly SitedPatient[];
  testSites: readonly string[];
  validationSites?: readonly string[] | undefined;
}): SiteSplit {
  const sites = groupBySite(request.patients);
  const named = [...request.testSites, ...(request.validationSites ?? [])];
  for (const [at, name] of named.entries()) {
    if (!sites.some((site) => site.name === name)) throw describeUnknown(name, sites);
    if (named.indexOf(name) !== at) throw new AppError('BAD_INPUT', `The site '${name}' is named twice.`);
  }
  const rest = sites.filter(({ name }) => !named.includes(name));
  const validation = request.validationSites?.length ? request.validationSites : chooseValidation(rest);
  const sideOf = (name: string): Subset => {
    if (request.testSites.includes(name)) return 'TEST';
    return validation.includes(name) ? 'VALIDATION' : 'TRAIN';
  };
  return assignSites(sites, sideOf);
}

/** One split a site, in the order of their names: TEST is the site, VALIDATION the next one, TRAIN the rest. */
export function leaveOneSiteOut(patients: readonly SitedPatient[]): SiteSplit[] {
  const sites = groupBySite(patients);
  return sites.map(({ name }, at) => {
    const next = sites[(at + 1) % sites.length]?.name;
    return assignSites(sites, (site) => (site === name ? 'TEST' : site === next ? 'VALIDATION' : 'TRAIN'));
  });
}

/** K-fold cross-validation that deals whole sites. BAD_INPUT where there are fewer sites than folds. */
export function splitPreservingSites(request: { patients: readonly SitedPatient[]; k: number }): SiteSplit[] {
  const sites = groupBySite(request.patients);
  if (sites.length < request.k) {
    throw new AppError(
      'BAD_INPUT',
      `${request.k} folds that keep sites together need at least ${request.k} sites, but there are ${sites.length}.`,
    );
  }
  const counts = sites.map((site) => site.counts);
  return splitKFold({ patients: counts, k: request.k, many: 'sites' }).map((assignments) => {
    const subsetOf = new Map(assignments.map(({ patientKey, subset }) => [patientKey, subset]));
    return assignSites(sites, (name) => subsetOf.get(name) ?? 'TRAIN');
  });
}

/** Sites by name. BAD_INPUT unless each patient has one and there are three of them. */
function groupBySite(patients: readonly SitedPatient[]): Site[] {
  const sites = new Map<string, Site>();
  for (const patient of patients) {
    const [name] = patient.sites;
    if (name === undefined) {
      throw new AppError(
        'BAD_INPUT',
        `The source tells no site of '${patient.patientKey}': no split by site can be made.`,
      );
    }
    if (patient.sites.length > 1) {
      throw new AppError(
        'BAD_INPUT',
        `'${patient.patientKey}' is on ${patient.sites.length} sites (${patient.sites.join(', ')}): a split by site needs one each.`,
      );
    }
    const empty = { patientKey: name, patches: 0, classCounts: patient.classCounts.map(() => 0) };
    const site = sites.get(name) ?? { name, counts: empty, patients: [] };
    const { counts } = site;
    sites.set(name, {
      name,
      counts: {
        patientKey: name,
        patches: counts.patches + patient.patches,
        classCounts: counts.classCounts.map((count, at) => count + (patient.classCounts[at] ?? 0)),
      },
      patients: [...site.patients, patient],
    });
  }
  if (sites.size < SUBSETS.length) {
    throw new AppError(
      'BAD_INPUT',
      `A split by site needs at least ${SUBSETS.length} sites, but there ${sites.size === 1 ? 'is 1' : `are ${sites.size}`}.`,
    );
  }
  return [...sites.values()].sort((a, b) => compareKeys(a.name, b.name));
}

function chooseValidation(rest: readonly Site[]): string[] {
  const patches = rest.reduce((sum, { counts }) => sum + counts.patches, 0);
  const distance = ({ counts }: Site) => Math.abs(counts.patches - VALIDATION_SHARE * patches);
  const [first] = rest;
  if (!first || rest.length < 2) {
    throw new AppError('BAD_INPUT', 'Two sites have to be left, one to train on and one to validate on.');
  }
  return [rest.reduce((best, site) => (distance(site) < distance(best) ? site : best), first).name];
}

function assignSites(sites: readonly Site[], sideOf: (name: string) => Subset): SiteSplit {
  const placed = sites.map((site) => ({ ...site, subset: sideOf(site.name) }));
  for (const subset of SUBSETS)
    checkSide(
      subset,
      placed.filter((site) => site.subset === subset),
    );
  return {
    sites: placed.map(({ name, subset }) => ({ site: name, subset })),
    assignments: placed
      .flatMap(({ name, subset, patients }) =>
        patients.map(({ patientKey }) => ({ patientKey, subset, site: name })),
      )
      .sort((a, b) => compareKeys(a.patientKey, b.patientKey)),
  };
}

function checkSide(subset: Subset, sites: readonly Site[]): void {
  const classes = new Set(
    sites.flatMap(({ counts }) => counts.classCounts.flatMap((count, at) => (count > 0 ? [at] : []))),
  );
  if (classes.size > 1) return;
  const names = sites.map(({ name }) => `'${name}'`).join(', ') || 'no site';
  throw new AppError('BAD_INPUT', `${subset} would be ${names}, with patches of one class alone.`);
}

function describeUnknown(name: string, sites: readonly Site[]): AppError {
  return new AppError(
    'BAD_INPUT',
    `The dataset has no site '${name}': its sites are ${sites.map((site) => `'${site.name}'`).join(', ')}.`,
  );
}
