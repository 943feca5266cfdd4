/** Which splits are marked as unsafe wherever they and their runs appear: their figures cannot be trusted. */
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
