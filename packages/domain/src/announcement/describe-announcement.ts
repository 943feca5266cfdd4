/** An announcement in words: a subject, the sentences below it, and the page of the dashboard that shows more. */
import type {
  AnnouncementFacts,
  ChampionFacts,
  EvaluationFacts,
  ImportFacts,
  RunFacts,
} from './announcement.ts';

type AnnouncementText = {
  /** One line. */
  title: string;
  lines: string[];
  /** On the dashboard. */
  path: string;
};

const RUN_WORDS = {
  QUEUED: 'is queued',
  RUNNING: 'is running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELED: 'was canceled',
} satisfies Record<RunFacts['status'], string>;

const IMPORT_WORDS = {
  SUCCEEDED: 'is imported',
  FAILED: 'could not be imported',
  CANCELED: 'is not imported: the import was canceled',
} satisfies Record<ImportFacts['status'], string>;

export function describeAnnouncement(facts: AnnouncementFacts): AnnouncementText {
  if ('importId' in facts) return describeImport(facts);
  if ('modelId' in facts) return describeChampion(facts);
  if ('experimentId' in facts) return describeRun(facts);
  return describeEvaluation(facts);
}

function describeRun({ runId, runName, status, error, experimentName }: RunFacts): AnnouncementText {
  return {
    title: `Run '${runName}' ${RUN_WORDS[status]}`,
    lines: [`Experiment: ${experimentName}`, ...(error === null ? [] : [error])],
    path: `/runs/${runId}`,
  };
}

function describeEvaluation(facts: EvaluationFacts): AnnouncementText {
  const { runId, runName, subset, externalEvaluationId, datasetName } = facts;
  if (externalEvaluationId !== null) {
    return {
      title: `Run '${runName}' is evaluated on '${datasetName}'`,
      lines: ['Its model on patients of another dataset.'],
      path: `/external-evaluations/${externalEvaluationId}`,
    };
  }
  return {
    title: `Run '${runName}' is evaluated on ${subset}`,
    lines: subset === 'TEST' ? ['TEST of the run was opened.'] : [],
    path: `/runs/${runId}`,
  };
}

function describeChampion(facts: ChampionFacts): AnnouncementText {
  const { modelId, modelName, act, versionNumber, fromVersionNumber, overridden, reason, promotedBy } = facts;
  const before = fromVersionNumber === null ? '' : `, in place of version ${fromVersionNumber}`;
  const title = {
    PROMOTE: `Version ${versionNumber} of '${modelName}' is its champion${before}`,
    ROLL_BACK: `'${modelName}' is back at version ${versionNumber}${before}`,
    DEMOTE: `'${modelName}' has no champion: version ${versionNumber} was taken back`,
  }[act];
  return {
    title,
    lines: [
      `By ${promotedBy}: ${reason}`,
      ...(overridden ? ['Rules of quality did not hold and were overridden.'] : []),
    ],
    path: `/models/${modelId}`,
  };
}

function describeImport({ name, status, error, datasetId }: ImportFacts): AnnouncementText {
  return {
    title: `Dataset '${name}' ${IMPORT_WORDS[status]}`,
    lines: error === null ? [] : [error],
    path: datasetId === null ? '/datasets' : `/datasets/${datasetId}`,
  };
}
