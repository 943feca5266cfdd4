/** The exam of a model: the patients of a dataset, or of some of its sites, and what it is called in a sentence. */

export type Exam = {
  datasetName: string;
  /** Sorted; empty for the whole dataset. */
  sites: readonly string[];
};

/** `'Utrecht'`, or `'Camelyon' (sites 0 and 3)`. */
export function nameExam({ datasetName, sites }: Exam): string {
  if (sites.length === 0) return `'${datasetName}'`;
  return `'${datasetName}' (${sites.length === 1 ? 'site' : 'sites'} ${joinSites(sites)})`;
}

/** `A`, `A and B`, `A, B and C`. */
function joinSites(sites: readonly string[]): string {
  if (sites.length < 2) return sites.join('');
  return `${sites.slice(0, -1).join(', ')} and ${sites.at(-1)}`;
}
