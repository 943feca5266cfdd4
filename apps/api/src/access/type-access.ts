/**
 * Whose the objects of the schema are. An object of KEPT belongs to a project by the id that it has: wherever a field gives one,
 * it is shown to those alone who may read in that project. PARTS are reached through such an object, or hold nothing
 * of a project. An object type that is in neither is shown to nobody who signs in.
 */
import type { SubjectNoun } from '@microtome/store/access/subject-projects';

export const KEPT: Readonly<Record<string, { noun: SubjectNoun /** The path to it. */; id: string }>> = {
  ChampionMoved: { noun: 'model', id: 'facts.modelId' },
  Comment: { noun: 'comment', id: 'id' },
  Dataset: { noun: 'dataset', id: 'id' },
  DatasetImport: { noun: 'import', id: 'id' },
  Deletion: { noun: 'deletion', id: 'id' },
  EvaluationReady: { noun: 'run', id: 'facts.runId' },
  Experiment: { noun: 'experiment', id: 'id' },
  ExternalEvaluation: { noun: 'externalEvaluation', id: 'id' },
  Model: { noun: 'model', id: 'id' },
  ModelVersion: { noun: 'modelVersion', id: 'id' },
  Project: { noun: 'project', id: 'id' },
  Report: { noun: 'report', id: 'id' },
  Run: { noun: 'run', id: 'id' },
  RunChange: { noun: 'run', id: 'runId' },
  SavedView: { noun: 'savedView', id: 'id' },
  SlideAnalysis: { noun: 'slideAnalysis', id: 'id' },
  Split: { noun: 'split', id: 'id' },
  Sweep: { noun: 'sweep', id: 'id' },
  Task: { noun: 'task', id: 'id' },
};

export const PARTS: ReadonlySet<string> = new Set(
  `AccessSettings AccessToken Account Agreement Alias AnalyseSlidePayload Announcement AnnouncementKindMeaning Architecture AucTest AuditEntry Backend CardBlock CardCell CardColumn CardRow
  CertifiedSide CertifiedSite CertifiedSiteUnits ChangedRuns ChartArrangement ChartPanel Confusion ContextEvaluation ContextGain ContextPair CreateSplitPayload CreatedToken CrossingSide CrossingUnit CurvePoint
  DatasetClass DatasetSite Delivery DeliveryAttempt DifferenceVerdict DifferingPatient EpochMetric Evaluation EvaluationFigure ExamCheck ExamTask ExternalComparison ExternalModel ExternalRun FoundRecord
  GateVerdict HomeFigures HotSpot HyperparameterDifference HyperparameterInfluence HyperparameterPreset HyperparameterSchema ImportCounts ImportFolder
  ImportFolderEntry ImportPreview ImportProblem ImportSample ImportSplitPayload ImportedList InfluenceGroup Invitation LayoutFit LeaderboardEntry LeakageAudit
  Learning ListAudit ListedPair ListedSharedUnit ListedSide ListedSideEntries ManifestColumn ManifestCounts ManifestPreview
  ManifestRow Me MetricDescription MetricPoint MetricSeries ModelCard ModelCheck ModelTensor MyRole NaiveInterval NamedCount NamedExamples NetworkSize
  NoPixelBaseline NoPixelFigures OperatingPoint PageInfo PairTests PairedComparison PooledContext PairedMetric Patch Patient
  PatientEvaluation PicturedSlide PixelChange PreviewRefusal PreviewRefusalCount PreviewedSplit ProjectMember Promotion PromotionPolicy
  PromotionResult QueryCompletion RankedRun ReadLayout Receiver ReceiverWithSecret RefusalCount RefusedFile RefusedRun RefusedSlide ReliabilityBin ReliabilityPoint ReportBlock ReportChart ReportColumn ReportComparison ReportFreeze ReportIssue ReportMetric ReportPair
  ReportPanelLine ReportPanelMeaning ReportRow ReportSeries ReportTable RuleVerdict RunArtifact
  RunAttempt RunComparison RunDifference RunEpochFact RunEvaluationFact RunEvent RunField RunFile RunHeartbeat RunLabel RunLogFact RunGroup RunGroupKey RunMeasure RunProgress RunQuantile RunQueryCompletions RunSeries RunSetting RunSlide RunStatusFact RunTable RunWait ServerInfo
  TableEvaluation TableModel TablePair TablePairPatient TablePairedMetric TablePatient TableSide TableSite TellingPatch
  SiteEvaluation Slide SlideColors SlideFile SlideGrid SlideReading SlideOutline SlideTiles SplitAssignment SplitCertificate SplitFractions SplitImportPreview SplitSite SplitSubset StatusCount
  QueueEnd StuckRuns SubsetCount SweepOpening SweepPlan SweepRung TestBudget TestOpening TilingPreview ToldUnit UnitOfSplitting Worker`.split(
    /\s+/,
  ),
);

/** A page of a list is what its entries are. */
export function readEntryType(typeName: string): string {
  return typeName.replace(/(Connection|Edge)$/, '');
}
