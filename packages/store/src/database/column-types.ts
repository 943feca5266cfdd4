/**
 * The types of JSON columns and of text columns with a closed list of words, under the names that schema.prisma gives
 * them (`/// [RunStatus]`). They are the domain's own, so that a database value needs no cast. That a JSON
 * value is what its type says is checked when it is read (column-readers.ts); a word, by the CHECK of its column.
 */

import type * as role from '@microtome/domain/access/role';
import type * as announcement from '@microtome/domain/announcement/announcement';
import type * as delivery from '@microtome/domain/announcement/delivery';
import type * as receiver from '@microtome/domain/announcement/receiver';
import type * as audit from '@microtome/domain/audit/audit-evidence';
import type * as evaluation from '@microtome/domain/evaluation/evaluation';
import type * as outOfFold from '@microtome/domain/evaluation/out-of-fold';
import type * as chartLayout from '@microtome/domain/experiment/chart-layout';
import type * as externalStatus from '@microtome/domain/external-evaluation/external-evaluation-status';
import type * as externalFigures from '@microtome/domain/external-evaluation/external-figures';
import type * as importedFrom from '@microtome/domain/imported-split/imported-from';
import type * as mlflowWords from '@microtome/domain/mlflow/mlflow-words';
import type * as modelCheck from '@microtome/domain/model-check/model-check';
import type * as modelInput from '@microtome/domain/model-check/model-input';
import type * as drawnOutline from '@microtome/domain/outline/drawn-outline';
import type * as promotionAct from '@microtome/domain/promotion/promotion-act';
import type * as gate from '@microtome/domain/promotion/promotion-gate';
import type * as policy from '@microtome/domain/promotion/promotion-policy';
import type * as panelData from '@microtome/domain/report/panel-data';
import type * as hyperparameters from '@microtome/domain/run/hyperparameters';
import type * as runEvent from '@microtome/domain/run/run-event';
import type * as runHyperparameters from '@microtome/domain/run/run-hyperparameters';
import type * as runOrigin from '@microtome/domain/run/run-origin';
import type * as runStatus from '@microtome/domain/run/run-status';
import type * as seriesOwner from '@microtome/domain/run/series-owner';
import type * as analysisStatus from '@microtome/domain/slide-analysis/analysis-status';
import type * as split from '@microtome/domain/split/split';
import type * as subset from '@microtome/domain/split/subset';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import type * as sweep from '@microtome/domain/sweep/sweep';
import type * as sweepDefinition from '@microtome/domain/sweep/sweep-definition';
import type * as task from '@microtome/domain/task/task';
import type * as splittingUnit from '@microtome/domain/unit/splitting-unit';
import type * as words from './column-words.ts';

declare global {
  namespace ColumnTypes {
    type ImportChoices = {
      isNameChosen: boolean;
      maxPatches: number | null;
      seed: number;
      positive: string[] | null;
    };
    type Role = role.Role;
    type AuditRecord = Record<string, unknown>;
    type ImportStatus = words.ImportStatus;
    type ImportPhase = words.ImportPhase;
    type ShardKind = words.ShardKind;
    type TaskSide = task.TaskSide;
    type SplittingUnit = splittingUnit.SplittingUnit;
    type ChartLayout = chartLayout.ChartLayout;
    type FrozenPanels = panelData.FrozenPanels;
    type SplitKind = split.SplitKind;
    type SplitStrategy = split.SplitStrategy;
    type ChosenFractions = split.ChosenFractions;
    type SplitAudit = audit.SplitAudit;
    type ImportedFrom = importedFrom.ImportedFrom;
    type OutlineRole = drawnOutline.OutlineRole;
    type FlatRings = drawnOutline.FlatRings;
    type Subset = subset.Subset;
    type SweepStrategy = sweep.SweepStrategy;
    type SweepDefinition = sweepDefinition.SweepDefinition;
    type OutOfFoldMetrics = outOfFold.OutOfFoldMetrics;
    type Intervals = Record<string, Interval>;
    type Hyperparameters = hyperparameters.Hyperparameters;
    type RunHyperparameters = runHyperparameters.RunHyperparameters;
    type RunOrigin = runOrigin.RunOrigin;
    type SeriesOwner = seriesOwner.SeriesOwner;
    type RunStatus = runStatus.RunStatus;
    type Versions = Record<string, string>;
    type AttemptOutcome = runEvent.AttemptOutcome;
    type RunEventKind = runEvent.RunEventKind;
    type RunEventPayload = runEvent.RunEventPayload;
    type RunPhase = words.RunPhase;
    type EvaluationMetrics = evaluation.EvaluationMetrics;
    type ExternalEvaluationStatus = externalStatus.ExternalEvaluationStatus;
    type SlideAnalysisStatus = analysisStatus.SlideAnalysisStatus;
    type ExternalMetrics = externalFigures.ExternalMetrics;
    type ModelCheckStatus = modelCheck.ModelCheckStatus;
    type ModelInput = modelInput.ModelInput;
    type ModelSignature = modelCheck.ModelSignature;
    type PromotionPolicy = policy.PromotionPolicy;
    type PromotionAct = promotionAct.PromotionAct;
    type PromotionVerdict = gate.PromotionVerdict;
    type WorkerStatus = words.WorkerStatus;
    type DeletionKind = words.DeletionKind;
    type AnnouncementKind = announcement.AnnouncementKind;
    type AnnouncementFacts = announcement.AnnouncementFacts;
    type ReceiverMedium = receiver.ReceiverMedium;
    type DeliveryStatus = delivery.DeliveryStatus;
    type TextByKey = mlflowWords.TextByKey;
    type KeyedTexts = mlflowWords.KeyedTexts;
    type ModelStage = mlflowWords.ModelStage;
    type LoggedModelStatus = mlflowWords.LoggedModelStatus;
    type ModelLinkKind = mlflowWords.ModelLinkKind;
  }
}
