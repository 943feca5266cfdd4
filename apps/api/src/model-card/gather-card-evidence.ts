/** Gathers everything that a model card shows from what is stored: nothing is trained, and a sealed TEST stays sealed. */
import { invariant } from '@microtome/domain/app-error';
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import type { SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import type { SubgroupDivision } from '@microtome/domain/evaluation/subgroup';
import type { MetricSubject } from '@microtome/domain/metrics/metric';
import type { PairMeans } from '@microtome/store/comparison/measure-pair';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { type GateVerdict, judgeModelVersion } from '@microtome/store/model/promotions';
import { getVersionRecord, type VersionRecord } from '@microtome/store/model/version-record';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import type { SplitAudits } from '../background/split-audits.ts';
import { type ContextServices, readContext } from '../evaluation/context-reading.ts';
import {
  describeEvaluation,
  type EvaluationPicture,
  type PictureServices,
} from '../evaluation/evaluation-picture.ts';
import { describeExternalSites, describeHome, type HomeFigures } from '../evaluation/external-picture.ts';
import { evaluateBySite, type SiteServices } from '../evaluation/site-table.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';

const CACHED_SUBGROUPS = 400;

type EvaluationRow = VersionRecord['run']['evaluations'][number];

export type CardEvaluation = {
  row: EvaluationRow;
  picture: EvaluationPicture;
  /** With neighbours; null where there is nothing to say. */
  context: ContextEvaluation | null;
};

/** What the model showed on other patients, and on each site of theirs. */
export type CardExam = {
  row: VersionRecord['run']['externalEvaluations'][number];
  sites: SiteEvaluation[];
};

export type CardEvidence = {
  version: VersionRecord;
  aliases: string[];
  /** VALIDATION, then TEST where it is open. */
  evaluations: CardEvaluation[];
  /** On the last of the evaluations: TEST where it is open. */
  subgroups: SubgroupDivision[];
  /** Of the same evaluation; empty where the source tells no site. */
  sites: SiteEvaluation[];
  /** The same evaluation, to stand next to the exams. */
  home: HomeFigures;
  /** On other patients, first to last. */
  exams: CardExam[];
  gate: GateVerdict;
};

export type SubgroupCache = ResultCache<SubgroupDivision[]>;

type CardServices = PictureServices &
  SiteServices &
  ContextServices & {
    subgroups: SubgroupCache;
    pairs: PairMeans;
    audits: SplitAudits;
  };

export function createSubgroupCache(): SubgroupCache {
  return createResultCache(CACHED_SUBGROUPS);
}

/** NOT_FOUND if there is no such version. */
export async function gatherCardEvidence(services: CardServices, versionId: string): Promise<CardEvidence> {
  const version = await getVersionRecord(services.store, versionId);
  const evaluations: CardEvaluation[] = [];
  for (const row of version.run.evaluations) {
    const picture = await describeEvaluation(services, row);
    evaluations.push({ row, picture, context: await readContext(services, row) });
  }
  const last = evaluations.at(-1);
  const home = await describeHome(services, version);
  invariant(last && home, `run ${version.runId} succeeded without an evaluation`);
  const exams: CardExam[] = [];
  for (const row of version.run.externalEvaluations) {
    exams.push({ row, sites: await describeExternalSites(services, row) });
  }
  return {
    version,
    aliases: version.model.aliases
      .filter(({ promotion }) => promotion.versionId === versionId)
      .map(({ name }) => name),
    evaluations,
    subgroups: await divideEvaluation(services, last.row, {
      positiveClass: version.run.experiment.task.positiveName,
      unit: version.run.experiment.dataset.unit,
    }),
    sites: await evaluateBySite(services, last.row),
    home,
    exams,
    gate: await judgeModelVersion(services.store, {
      versionId,
      pairs: services.pairs,
      auditSplit: services.audits.audit,
    }),
  };
}

async function divideEvaluation(
  services: CardServices,
  row: EvaluationRow,
  subject: MetricSubject,
): Promise<SubgroupDivision[]> {
  const { runId, subset, threshold } = row;
  const { artifactHash } = await getRunArtifact(services.store, { runId, role: `PREDICTIONS_${subset}` });
  return services.subgroups.get(
    `${artifactHash} ${threshold} ${subject.unit} ${subject.positiveClass}`,
    async () => {
      const { scored } = await loadScored(services.store, { runId, subset }, services.predictions);
      return services.background.subgroups({
        scored,
        threshold,
        subject,
        draws: EVALUATION_DRAWS,
        seed: EVALUATION_SEED,
      });
    },
  );
}
