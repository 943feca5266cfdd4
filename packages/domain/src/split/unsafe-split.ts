/** Which splits are marked wherever they and their runs appear: those whose figures cannot be believed. */
import type { SplitKind } from './split.ts';

/** By patch, or by patient with an audit that found a leak. Before there is an audit, a split by patient is not marked. */
export function isUnsafeSplit({
  kind,
  audit,
}: {
  kind: SplitKind;
  audit: { passed: boolean } | null;
}): boolean {
  return kind === 'PATCH' || audit?.passed === false;
}
