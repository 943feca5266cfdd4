/** What an exam is called: its dataset, and the sites where not all of it was asked. Pure. */

type NamedExam = { dataset: { name: string }; askedSites: readonly string[] };

/** `Utrecht`, or `Camelyon, sites 0 and 3`. */
export function nameExam({ dataset, askedSites }: NamedExam): string {
  if (askedSites.length === 0) return dataset.name;
  return `${dataset.name}, ${askedSites.length === 1 ? 'site' : 'sites'} ${joinNames(askedSites)}`;
}

function joinNames(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
