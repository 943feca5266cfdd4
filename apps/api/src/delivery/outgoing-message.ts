/** What is sent of a delivery: the same content by webhook and by mail, and of a test, which speaks of nothing. */
import { nameEventType } from '@microtome/domain/announcement/announcement';
import { describeAnnouncement } from '@microtome/domain/announcement/describe-announcement';
import type { ClaimedDelivery } from '@microtome/store/announcement/deliveries';

export type OutgoingMessage = {
  /** The same at every attempt, so that a receiver can tell what it has had. */
  id: string;
  title: string;
  lines: string[];
  /** A page of the dashboard. */
  link: string;
  /** As webhooks have it. */
  body: { type: string; timestamp: string; data: Record<string, unknown> };
};

export function composeMessage(
  { id, announcement, createdAt }: ClaimedDelivery,
  dashboardUrl: string,
): OutgoingMessage {
  const base = dashboardUrl.replace(/\/+$/, '');
  if (announcement === null) {
    const title = 'Test message of Microtome';
    const link = `${base}/announcements`;
    const data = { number: null, title, link };
    const lines = ['This address will be told what it is registered for.'];
    return { id, title, lines, link, body: { type: 'test', timestamp: createdAt.toISOString(), data } };
  }
  const { number, kind, facts, at } = announcement;
  const { title, lines, path } = describeAnnouncement(facts);
  const link = base + path;
  return {
    id,
    title,
    lines,
    link,
    body: {
      type: nameEventType(kind),
      timestamp: at.toISOString(),
      data: { number, title, link, ...facts },
    },
  };
}
