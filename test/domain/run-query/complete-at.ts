/** Completion at the place of a line that a bar marks. */
import { findQueryGap } from '@microtome/domain/run-query/complete-query';

export function completeAt(marked: string) {
  const at = marked.indexOf('|');
  return findQueryGap(marked.replace('|', ''), at);
}
