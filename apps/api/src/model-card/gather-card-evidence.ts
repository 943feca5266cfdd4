/** Everything that a model card tells, read from what is stored: nothing is trained for it, and a sealed TEST stays sealed. */
import { AppError, invariant } from '@microtome/domain/app-error';
import type { SubgroupDivision } from '@microtome/domain/evaluation/subgroup';
import type { Subset } from '@microtome/domain/split/subset';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/store/evaluation/evaluations';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { judgeModelVersion } from '@microtome/store/model/promotions';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { describeEvaluation, type EvaluationPicture } from '../evaluation/evaluation-picture.ts';
import { loadScoredSubset } from '../evaluation/scored-subset.ts';
import type { ApiContext } from '../graphql/context.ts';
import type { GateVerdict } from '../schema/model/gate-verdict.ts';

const withEvidence = {
  model: { include: { aliases: { include: { promotion: true } } } },
  promotions: { orderBy: { number: 'asc' } },
  run: {
    include: {
      experiment: {
        include: {
          dataset: { include: { shards: { include: { artifact: true }, orderBy: { position: 'asc' } } } },
        },
      },
      split: { include: { testOpenings: { orderBy: { openedAt: 'asc' } } } },
      evaluations: { orderBy: { subset: 'desc' } },
      artifacts: { include: { artifact: true }, orderBy: { role: 'asc' } },
      testOpening: true,
    },
  },
} satisfies Prisma.ModelVersionInclude;

export type CardVersion = Prisma.ModelVersionGetPayload<{ include: typeof withEvidence }>;
type EvaluationRow = CardVersion['run']['evaluations'][number];

export type CardEvaluation = { row: EvaluationRow; picture: EvaluationPicture };

export type CardEvidence = {
  version: CardVersion;
  aliases: string[];
  /** VALIDATION, then TEST where it is open. */
  evaluations: CardEvaluation[];
  /** On the last of the evaluations: TEST where it is open. */
  subgroups: SubgroupDivision[];
  gate: GateVerdict;
};

/** NOT_FOUND when there is no such version. */
export async function gatherCardEvidence(context: ApiContext, versionId: string): Promise<CardEvidence> {
  const version = await context.store.database.prisma.modelVersion.findUnique({
    where: { id: versionId },
    include: withEvidence,
  });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${versionId}.`);
  const evaluations: CardEvaluation[] = [];
  for (const row of version.run.evaluations) {
    evaluations.push({ row, picture: await describeEvaluation(context, row) });
  }
  const last = evaluations.at(-1);
  invariant(last, `run ${version.runId} succeeded without an evaluation`);
  const { verdict, policyVersion } = await judgeModelVersion(context.store, {
    versionId,
    compare: context.compare,
    auditSplit: context.audits.audit,
  });
  return {
    version,
    aliases: version.model.aliases
      .filter(({ promotion }) => promotion.versionId === versionId)
      .map(({ name }) => name),
    evaluations,
    subgroups: await divideEvaluation(context, last.row),
    gate: { ...verdict, policyVersion },
  };
}

async function divideEvaluation(context: ApiContext, row: EvaluationRow): Promise<SubgroupDivision[]> {
  const { runId, subset, threshold } = row;
  const { artifactHash } = await getRunArtifact(context.store, { runId, role: `PREDICTIONS_${subset}` });
  return context.subgroups.get(`${artifactHash} ${threshold}`, async () => {
    const { scored } = await loadScoredSubset(context, { runId, subset: subset as Subset });
    return context.statistics.subgroups({
      scored,
      threshold,
      draws: EVALUATION_DRAWS,
      seed: EVALUATION_SEED,
    });
  });
}
