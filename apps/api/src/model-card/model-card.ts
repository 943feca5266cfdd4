/** A model card as plain data, which page, Markdown and PDF all show. Built by build-model-card.ts. */
import type { ReportBlock } from '../report/report-document.ts';

export type ReliabilityPoint = { count: number; meanProbability: number; positiveShare: number };

export type CardBlock =
  | Exclude<ReportBlock, { kind: 'figures' | 'pageBreak' }>
  /** A picture: stated probability against the share that is positive, by bins. */
  | { kind: 'reliability'; caption: string; positiveClass: string; points: readonly ReliabilityPoint[] };

export type ModelCard = {
  title: string;
  subtitle: string;
  /** What names its content: the version and the digest of its weights. */
  identity: string;
  /** The time of its newest fact. */
  asOf: Date;
  blocks: CardBlock[];
};
