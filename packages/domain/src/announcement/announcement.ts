/**
 * What is told to those who follow the platform from outside: the kinds of announcements, and the facts that each carries.
 * An announcement names things by their ids and the names that they had; a receiver that wants figures asks for them, so that it
 * holds nothing that is sealed.
 */
import type { PromotionAct } from '../promotion/promotion-act.ts';
import type { RunStatus } from '../run/run-status.ts';
import type { Subset } from '../split/subset.ts';

export const ANNOUNCEMENT_KINDS = [
  'RUN_QUEUED',
  'RUN_RUNNING',
  'RUN_SUCCEEDED',
  'RUN_FAILED',
  'RUN_CANCELED',
  'EVALUATION_READY',
  'CHAMPION_MOVED',
  'IMPORT_SUCCEEDED',
  'IMPORT_FAILED',
  'IMPORT_CANCELED',
] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];

export type RunFacts = {
  runId: string;
  runName: string;
  status: RunStatus;
  /** Why it failed. */
  error: string | null;
  experimentId: string;
  experimentName: string;
};

/** Of a run on a side of its split, or, with `subset` null, on another dataset. */
export type EvaluationFacts = {
  runId: string;
  runName: string;
  subset: Subset | null;
  externalEvaluationId: string | null;
  datasetName: string | null;
};

/** A DEMOTE names the version that lost the place. */
export type ChampionFacts = {
  modelId: string;
  modelName: string;
  act: PromotionAct;
  promotionId: string;
  versionId: string;
  versionNumber: number;
  fromVersionId: string | null;
  fromVersionNumber: number | null;
  overridden: boolean;
  reason: string;
  promotedBy: string;
};

export type ImportFacts = {
  importId: string;
  name: string;
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  error: string | null;
  datasetId: string | null;
};

export type AnnouncementFacts = RunFacts | EvaluationFacts | ChampionFacts | ImportFacts;

/** The kind as webhooks call it: `run.succeeded`, `champion.moved`. */
export function nameEventType(kind: AnnouncementKind): string {
  return kind.toLowerCase().replace('_', '.');
}
