/**
 * The cases of MLflow's own REST test file: which part of the protocol each asks for, what is no part of a tracker of
 * training runs, and what does not hold here, with the reason. The rest must hold.
 */

export type CaseOutcome = { name: string; outcome: 'passed' | 'failed' | 'expected to fail'; text: string };
export type SortedCase = { name: string; area: string; holds: boolean; reason: string };

/** By what is in a case's name: asked in this order. */
const OUTSIDE: readonly (readonly [RegExp, string])[] = [
  [/trace|otel/, 'traces of language models'],
  [/graphql/, "the GraphQL of MLflow's own page"],
  [/workspace/, 'workspaces'],
  [/gateway|promptlab/, 'gateway and prompts of language models'],
  [
    /evaluation_dataset|dataset_to_exp|dataset_from_exp|multiple_experiments|dataset_experiment|idempotent|add_remove_exp/,
    'evaluation sets of language models',
  ],
  [/scorer|assessment/, 'scorers and assessments of language models'],
  [
    /optimized_impl|validation_regex|sampled_steps|log_url|suppress_url/,
    "MLflow's own code, without a request to a server",
  ],
];
const AREAS: readonly (readonly [RegExp, string])[] = [
  [/logged_model|log_outputs|log_inputs_model|metric_model/, 'logged models'],
  [/model_version|logging_model|test_log_model/, 'registry'],
  [/search_dataset|log_input/, 'data sets'],
  [/artifact|path_validation/, 'artifacts'],
  [/metric_history/, 'metric history'],
  [/search/, 'search'],
  [/experiment/, 'experiments'],
];
const OTHER_AREA = 'runs, metrics, parameters, tags';

const NO_LOCAL_FILES =
  "it asks that files lie in a folder of the server's machine; here they are behind `mlflow-artifacts:`";
/** What does not hold, and why. */
export const NOT_HELD: Readonly<Record<string, string>> = {
  test_create_get_search_experiment: `a place for files that is a relative path would be a folder of the server; it is kept as it is given`,
  test_artifacts: NO_LOCAL_FILES,
  test_create_model_version_with_path_source: NO_LOCAL_FILES,
  test_create_model_version_with_file_uri: NO_LOCAL_FILES,
};

/** What no server is asked for here; null for a case of the protocol. */
export function findOutside(name: string): string | null {
  return OUTSIDE.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Each case once, by area and name; one that MLflow marks as failing with its own server is left out. */
export function sortCases(outcomes: readonly CaseOutcome[]): SortedCase[] {
  const byName = Map.groupBy(
    outcomes.filter(({ outcome, name }) => outcome !== 'expected to fail' && findOutside(name) === null),
    ({ name }) => name.replace(/\[.*$/, ''),
  );
  return [...byName]
    .map(([name, tried]) => ({
      name,
      area: AREAS.find(([pattern]) => pattern.test(name))?.[1] ?? OTHER_AREA,
      holds: tried.every(({ outcome }) => outcome === 'passed'),
      reason: NOT_HELD[name] ?? '',
    }))
    .sort((a, b) => a.area.localeCompare(b.area) || a.name.localeCompare(b.name));
}

/** The table of docs/mlflow.md. */
export function formatCases(cases: readonly SortedCase[]): string {
  const held = cases.filter(({ holds }) => holds).length;
  const rows = [...Map.groupBy(cases, ({ area }) => area)].map(([area, own]) => {
    const names = own.flatMap(({ name, holds, reason }) => (holds ? [] : [`\`${name}\`: ${reason}`]));
    const count = own.filter(({ holds }) => holds).length;
    return `| ${area} | ${count} of ${own.length} | ${names.join('; ') || '–'} |`;
  });
  const outside = OUTSIDE.map(([, what]) => what).join('; ');
  return [
    `${held} of ${cases.length} cases hold (${((100 * held) / cases.length).toFixed(0)} %).`,
    '',
    '| part of the protocol | hold | not |',
    '|---|---|---|',
    ...rows,
    '',
    `Not counted: ${outside}; and cases that MLflow marks as failing with its own server.`,
  ].join('\n');
}
