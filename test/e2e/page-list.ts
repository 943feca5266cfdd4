/** The address of every page of the dashboard, on a platform that has one of everything. */

export type ShownIds = {
  dataset: string;
  split: string;
  unsafeSplit: string;
  experiment: string;
  /** Two that can be compared. */
  runs: string[];
  /** One that both runs have looked at. */
  slide: string;
  /** It has a version. */
  model: string;
  report: string;
  /** A halving, and a cross-validation whose TEST was opened. */
  sweeps: { halving: string; folds: string };
  /** The external evaluation of a run; left out where there is one dataset alone. */
  exam?: string;
};

/** A short name of the page → its address below the dashboard's. */
export function listPages({
  dataset,
  split,
  unsafeSplit,
  experiment,
  runs,
  slide,
  model,
  report,
  sweeps,
  exam,
}: ShownIds): Record<string, string> {
  return {
    overview: '/',
    datasets: '/datasets',
    import: '/datasets/import',
    'import-slides': '/datasets/import/slides',
    dataset: `/datasets/${dataset}`,
    splits: '/splits',
    split: `/splits/${split}`,
    'split-unsafe': `/splits/${unsafeSplit}`,
    'split-certificate': `/splits/${split}/certificate`,
    'split-audit': '/splits/audit',
    experiments: '/experiments',
    experiment: `/experiments/${experiment}`,
    launch: '/launch',
    'launch-sweep': '/launch?sweep=HALVING',
    sweep: `/sweeps/${sweeps.halving}`,
    'sweep-folds': `/sweeps/${sweeps.folds}`,
    runs: '/runs',
    'runs-grouped': '/runs?group=architecture',
    relations: '/runs/relations',
    run: `/runs/${runs[0]}`,
    'run-evaluation': `/runs/${runs[0]}?tab=evaluation`,
    'run-tissue': `/runs/${runs[0]}?tab=tissue`,
    'run-hyperparameters': `/runs/${runs[0]}?tab=hyperparameters`,
    'run-log': `/runs/${runs[0]}?tab=log`,
    'run-comments': `/runs/${runs[0]}?tab=comments`,
    'run-files': `/runs/${runs[0]}?tab=files`,
    compare: `/compare?runs=${runs.join(',')}`,
    'compare-slide': `/compare/slide?a=${runs[0]}&b=${runs[1]}&slide=${slide}`,
    evaluate: '/evaluate',
    reports: '/reports',
    report: `/reports/${report}`,
    'report-editor': `/reports/${report}?edit=1`,
    viewer: `/viewer?run=${runs[0]}&slide=${slide}`,
    models: '/models',
    model: `/models/${model}`,
    'model-card': `/models/${model}/versions/1`,
    'slide-analyses': '/slide-analyses',
    analyse: '/analyse',
    workers: '/workers',
    announcements: '/announcements',
    'sign-in': '/sign-in',
    account: '/account',
    members: '/members',
    audit: '/audit',
    ...(exam === undefined ? {} : { exam: `/external-evaluations/${exam}` }),
  };
}
