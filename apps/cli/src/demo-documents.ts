/** The GraphQL documents of the demo, and the shapes of their answers. */

export type ImportState = {
  id: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  phase: string;
  filesTotal: number;
  filesDone: number;
  filesRefused: number;
  filesPerSecond: number | null;
  secondsLeft: number | null;
  error: string | null;
  reused: boolean;
  dataset: DemoDataset | null;
};

export type DemoDataset = {
  id: string;
  name: string;
  positiveClass: string;
  patientCount: number;
  patchCount: number;
  positiveCount: number;
  stripCount: number;
  refusedCount: number;
};

const DATASET = 'id name positiveClass patientCount patchCount positiveCount stripCount refusedCount';
const IMPORT = `id status phase filesTotal filesDone filesRefused filesPerSecond secondsLeft error reused dataset { ${DATASET} }`;

export const IMPORT_DATASET = `mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { ${IMPORT} } }`;
export const FOLLOW_IMPORT = `subscription ($id: ID!) { datasetImport(id: $id) { ${IMPORT} } }`;

export type DemoSplit = {
  id: string;
  strategy: string;
  seed: number;
  digest: string;
  subsets: {
    subset: 'TRAIN' | 'VALIDATION' | 'TEST';
    patients: number;
    patches: number;
    positiveShare: number;
  }[];
};

const SPLIT = 'id strategy seed digest subsets { subset patients patches positiveShare }';
export const CREATE_SPLIT = `mutation ($input: CreateSplitInput!) { createSplit(input: $input) { splits { ${SPLIT} } } }`;
export const DATASET_SPLITS = `query ($id: ID!) { dataset(id: $id) { splits { ${SPLIT} } } }`;

export const CREATE_EXPERIMENT =
  'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { id name } }';
export const LAUNCH_RUN =
  'mutation ($input: LaunchRunInput!) { launchRun(input: $input) { id name architecture } }';

export type RunFact = {
  runEvents:
    | {
        __typename: 'RunEvent';
        seq: number;
        kind: 'STATUS' | 'EPOCH' | 'EVALUATION' | 'LOG';
        payload: Record<string, unknown>;
        metrics: { name: string; value: number }[];
      }
    | {
        __typename: 'RunProgress';
        phase: string;
        epoch: number;
        epochs: number;
        batch: number;
        batches: number;
        patchesPerSecond: number | null;
        secondsLeft: number | null;
      };
};

export const FOLLOW_RUN = `subscription ($runId: ID!, $after: Int!) { runEvents(runId: $runId, after: $after) { __typename
  ... on RunEvent { seq kind payload metrics { name value } }
  ... on RunProgress { phase epoch epochs batch batches patchesPerSecond secondsLeft } } }`;

export type DemoEvaluation = {
  subset: 'VALIDATION' | 'TEST';
  threshold: number;
  metrics: Record<string, number | null>;
  intervals: Record<string, [number, number]>;
  confusion: { tp: number; fp: number; tn: number; fn: number };
};

export type DemoRun = {
  id: string;
  name: string;
  architecture: string;
  status: string;
  error: string | null;
  backend: string | null;
  device: string | null;
  parameters: number;
  epochsDone: number;
  trainPatchesPerSecond: number | null;
  evaluations: DemoEvaluation[];
};

const RUN = `id name architecture status error backend device parameters epochsDone trainPatchesPerSecond
  evaluations { subset threshold metrics intervals confusion { tp fp tn fn } }`;
export const GET_RUN = `query ($id: ID!) { run(id: $id) { ${RUN} } }`;
export const OPEN_TEST = `mutation ($runId: ID!, $reason: String!) { openTest(runId: $runId, reason: $reason, openedBy: "demo") { ${RUN} } }`;

export type DemoComparison = {
  warnings: string[];
  differences: { key: string; values: unknown[] }[];
  pairs: {
    patients: number;
    draws: number;
    refused: string | null;
    caution: string | null;
    metrics: {
      name: string;
      a: number | null;
      b: number | null;
      difference: number | null;
      low: number | null;
      high: number | null;
      pValue: number | null;
    }[];
  }[];
};

export const COMPARE_RUNS = `query ($runIds: [ID!]!) { compareRuns(runIds: $runIds) { warnings differences { key values }
  pairs { patients draws refused caution metrics { name a b difference low high pValue } } } }`;

export type DemoPromotion = {
  allowed: boolean;
  reasons: string[];
  promotion: {
    version: { number: number };
    alias: string;
    verdict: { rules: { kind: string; passed: boolean; sentence: string }[] };
  };
};

export const FIND_MODEL = 'query ($name: String!) { model(name: $name) { id } }';
export const CREATE_MODEL = 'mutation ($input: CreateModelInput!) { createModel(input: $input) { id } }';
export const REGISTER_VERSION =
  'mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) { id number } }';
export const PROMOTE = `mutation ($input: PromoteModelVersionInput!) { promoteModelVersion(input: $input) {
  allowed reasons promotion { alias version { number } verdict { rules { kind passed sentence } } } } }`;
