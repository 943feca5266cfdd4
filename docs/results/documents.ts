/** The GraphQL documents behind the results page, and the shapes of their answers. */

export type Subset = { subset: 'TRAIN' | 'VALIDATION' | 'TEST'; patients: number; patches: number };

export type ResultSplit = {
  id: string;
  strategy: string;
  seed: number;
  digest: string;
  subsets: Subset[];
  audit: {
    noPixelBaseline: { auc: number | null; balancedAccuracy: number | null; neighbours: number };
  } | null;
};

export type ResultDataset = {
  id: string;
  name: string;
  digest: string;
  patientCount: number;
  patchCount: number;
  positiveCount: number;
  splits: ResultSplit[];
};

export type ResultEvaluation = {
  subset: 'VALIDATION' | 'TEST';
  metrics: Record<string, number | null>;
  intervals: Record<string, [number, number]>;
};

export type ResultRun = {
  id: string;
  name: string;
  architecture: string;
  status: string;
  error: string | null;
  backend: string | null;
  device: string | null;
  parameters: number;
  epochsDone: number;
  bestEpoch: number | null;
  hyperparameters: Record<string, unknown>;
  testSealed: boolean;
  evaluations: ResultEvaluation[];
  metrics: { name: string; points: { value: number }[] }[];
};

export type ResultComparison = {
  pairs: {
    a: { id: string };
    b: { id: string };
    refused: string | null;
    metrics: {
      name: string;
      difference: number | null;
      low: number | null;
      high: number | null;
      pValue: number | null;
    }[];
  }[];
};

const SPLIT =
  'id strategy seed digest subsets { subset patients patches } audit { noPixelBaseline { auc balancedAccuracy neighbours } }';
const RUN = `id name architecture status error backend device parameters epochsDone bestEpoch hyperparameters testSealed
  evaluations { subset metrics intervals }
  metrics(names: ["seconds", "dataSeconds", "stepSeconds"]) { name points { value } }`;

export const GET_DATASET = `query ($id: ID!) { dataset(id: $id) {
  id name digest patientCount patchCount positiveCount splits { ${SPLIT} } } }`;
export const LIST_EXPERIMENTS = 'query ($id: ID!) { dataset(id: $id) { experiments { id name } } }';
export const LIST_PATIENTS = `query ($id: ID!, $after: String) { dataset(id: $id) {
  patients(first: 200, after: $after) { pageInfo { hasNextPage endCursor } edges { node { patchCount } } } } }`;
export const LIST_RUNS = `query ($experimentId: ID!) { runs(filter: { experimentId: $experimentId }, first: 100) {
  edges { node { id name status } } } }`;
export const RETRY_RUN = 'mutation ($id: ID!) { retryRun(id: $id) { id } }';
export const GET_RESULT_RUN = `query ($id: ID!) { run(id: $id) { ${RUN} } }`;
export const OPEN_RESULT_TEST = `mutation ($runId: ID!, $reason: String!) {
  openTest(runId: $runId, reason: $reason, openedBy: "results page") { id } }`;
export const COMPARE_WITH_BASELINE = `query ($runIds: [ID!]!, $referenceId: ID!) {
  compareRuns(runIds: $runIds, referenceId: $referenceId) {
    pairs { a { id } b { id } refused metrics { name difference low high pValue } } } }`;
