/** Who is told of what happens: webhooks and mail addresses, with the log of what was sent to them. */
import type { Metadata } from 'next';
import { AnnouncementsView } from './announcements-view.tsx';

export const metadata: Metadata = { title: 'Announcements' };

export default function AnnouncementsPage() {
  return <AnnouncementsView />;
}
