/** What panels are called, and the sentences around them: the same on the page and in the file. Pure. */
import { formatCount } from '../../../../format/format-number.ts';
import { ReportPanelKind, type ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';

export const PANEL_NAMES: Record<ReportPanelKind, string> = {
  [ReportPanelKind.Chart]: 'Curves',
  [ReportPanelKind.Table]: 'Runs',
  [ReportPanelKind.Comparison]: 'Comparison',
};

export function describeIssue({ line, column, sentence }: NonNullable<ReportPartsFragment['issue']>): string {
  return `line ${line}, column ${column}: ${sentence}`;
}

/** Undefined where all are shown. */
export function describePart(shown: number, runCount: number): string | undefined {
  return runCount > shown ? `The first ${shown} of ${formatCount(runCount)} runs that match.` : undefined;
}
