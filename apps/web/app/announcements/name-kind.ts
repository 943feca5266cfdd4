/** A kind of announcement, and the state of a delivery, in words. */
import type { AnnouncementKind, DeliveryRowFragment } from '../../graphql/generated/graphql.ts';
import type { BadgeTone } from '../../ui/badge.tsx';

/** `RUN_SUCCEEDED` → `Run succeeded`. */
export function nameKind(kind: AnnouncementKind): string {
  const words = kind.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where a delivery stands, and the last thing that came back. */
export function describeDelivery({ status, attemptsMade, attempts }: DeliveryRowFragment): {
  label: string;
  tone: BadgeTone;
  answer: string;
} {
  const [last] = attempts;
  const answer = last ? (last.error ?? `${last.answerStatus ?? 'Taken'} in ${last.durationMs} ms`) : '';
  if (status === 'DELIVERED') return { label: 'delivered', tone: 'good', answer };
  if (status === 'FAILED') return { label: 'given up', tone: 'danger', answer };
  if (attemptsMade > attempts.length) return { label: 'being sent', tone: 'accent', answer };
  return last
    ? { label: 'will be tried again', tone: 'caution', answer }
    : { label: 'waits', tone: 'neutral', answer };
}
