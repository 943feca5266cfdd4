/**
 * What every field of Query, Mutation and Subscription needs: one line a field, and a field without a line is refused. An entry
 * is the act and where the arguments name what it is done to; `may('READ')` alone is for lists, which hold to the
 * projects of who asks (`context.access`), and for what belongs to no project.
 */
import { administrator, anyone, everywhere, may, type Need, person } from './need.ts';

type Fields = Readonly<Record<string, Need>>;

const QUERY: Fields = {
  aggregateRuns: may('READ'),
  announcements: everywhere('READ'),
  architectures: may('READ'),
  auditSplitList: may('READ'),
  backends: may('READ'),
  browseImportRoot: may('RECORD'),
  checkExam: may('READ', {
    dataset: 'input.datasetId',
    run: 'input.runId',
    modelVersion: 'input.versionId',
    task: 'input.taskId',
  }),
  compareExternalEvaluations: may('READ', { externalEvaluation: ['idA', 'idB'] }),
  compareRuns: may('READ', { run: ['runIds', 'referenceId'] }),
  // It offers names of all projects.
  completeRunQuery: everywhere('READ'),
  countNetwork: may('READ'),
  dataset: may('READ', { dataset: 'id' }),
  datasetImport: may('READ', { import: 'id' }),
  datasetImports: may('READ'),
  datasets: may('READ'),
  deletion: may('READ', { deletion: 'id' }),
  deletions: may('READ'),
  experiment: may('READ', { experiment: 'id' }),
  experiments: may('READ', { dataset: 'datasetId' }),
  externalEvaluation: may('READ', { externalEvaluation: 'id' }),
  hyperparameterInfluence: may('READ'),
  hyperparameterSchema: may('READ'),
  importRoots: may('RECORD'),
  launchWait: may('READ'),
  leaderboard: may('READ', { split: 'splitId' }),
  metricCatalogue: anyone,
  model: may('READ', { model: 'id' }),
  models: may('READ'),
  patients: may('READ', { dataset: 'datasetId' }),
  planSweep: may('READ', { dataset: 'input.datasetId' }),
  previewImport: may('RECORD'),
  previewSplitImport: may('READ', { dataset: 'input.datasetId' }),
  promotionPolicySchema: may('READ'),
  receiver: administrator,
  receivers: administrator,
  run: may('READ', { run: 'id' }),
  runDifferences: may('READ', { run: 'runIds' }),
  runs: may('READ'),
  series: may('READ', { run: 'runIds' }),
  serverInfo: may('READ'),
  split: may('READ', { split: 'id' }),
  splits: may('READ', { dataset: 'datasetId' }),
  stuckRuns: may('READ'),
  sweep: may('READ', { sweep: 'id' }),
  sweeps: may('READ', { experiment: 'experimentId' }),
  workers: may('READ'),
};

const MUTATION: Fields = {
  addReceiver: administrator,
  archiveRun: may('RECORD', { run: 'id' }),
  cancelExternalEvaluation: may('RECORD', { externalEvaluation: 'id' }),
  cancelImport: may('RECORD', { import: 'id' }),
  cancelRun: may('RECORD', { run: 'id' }),
  cancelSweep: may('RECORD', { sweep: 'id' }),
  changePromotionPolicy: may('JUDGE', { model: 'input.modelId' }),
  changeReceiver: administrator,
  createExperiment: may('RECORD', { dataset: 'input.datasetId', task: 'input.taskId' }),
  createModel: may('RECORD', { project: 'input.projectId' }),
  createSplit: may('RECORD', { dataset: 'input.datasetId' }),
  createTask: may('RECORD', { dataset: 'input.datasetId' }),
  deleteDataset: may('MANAGE', { dataset: 'id' }),
  deleteRun: may('RECORD', { run: 'id' }),
  deleteSplit: may('RECORD', { split: 'id' }),
  deleteTask: may('RECORD', { task: 'id' }),
  demoteModelVersion: may('JUDGE', { modelVersion: 'input.versionId' }),
  evaluateModel: may('RECORD', {
    dataset: 'input.datasetId',
    run: 'input.runId',
    modelVersion: 'input.versionId',
    task: 'input.taskId',
  }),
  importDataset: may('RECORD', { project: 'input.projectId' }),
  importSplit: may('RECORD', { dataset: 'input.datasetId' }),
  launchRun: may('RECORD', { experiment: 'input.experimentId', split: 'input.splitId' }),
  launchSweep: may('RECORD', { experiment: 'input.experimentId' }),
  logMetrics: may('RECORD', { run: 'runId' }),
  openSweepTest: may('JUDGE', { sweep: 'sweepId' }),
  openTest: may('JUDGE', { run: 'runId' }),
  promoteModelVersion: may('JUDGE', { modelVersion: 'input.versionId' }),
  redeliver: administrator,
  registerModelVersion: may('RECORD', { model: 'input.modelId', run: 'input.runId' }),
  removeReceiver: administrator,
  renewReceiverSecret: administrator,
  retryRun: may('RECORD', { run: 'id' }),
  rollBackModelVersion: may('JUDGE', { modelVersion: 'input.versionId' }),
  testReceiver: administrator,
  updateModel: may('RECORD', { model: 'input.modelId' }),
  updateRun: may('RECORD', { run: 'id' }),
};

const SUBSCRIPTION: Fields = {
  championMoved: may('READ', { model: 'modelId' }),
  datasetImport: may('READ', { import: 'id' }),
  evaluationReady: may('READ', { run: 'runId' }),
  runEvents: may('READ', { run: 'runId' }),
  runsChanged: may('READ', { experiment: 'experimentId' }),
};

const ACCOUNTS: { Query: Fields; Mutation: Fields } = {
  Query: {
    accessSettings: anyone,
    accounts: administrator,
    me: anyone,
    projects: may('READ'),
    tokens: person,
  },
  Mutation: {
    createProject: administrator,
    createToken: person,
    inviteAccount: administrator,
    removeProjectMember: may('MANAGE', { project: 'projectId' }),
    renewInvitation: administrator,
    revokeToken: person,
    setAccountDisabled: administrator,
    setProjectMember: may('MANAGE', { project: 'projectId' }),
    updateMe: person,
  },
};

export const FIELD_ACCESS: Readonly<Record<'Query' | 'Mutation' | 'Subscription', Fields>> = {
  Query: { ...QUERY, ...ACCOUNTS.Query },
  Mutation: { ...MUTATION, ...ACCOUNTS.Mutation },
  Subscription: SUBSCRIPTION,
};
