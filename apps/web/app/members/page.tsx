/** Projects, their members, and the accounts of this server. */
import type { Metadata } from 'next';
import { MembersView } from './members-view.tsx';

export const metadata: Metadata = { title: 'Members' };

export default function MembersPage() {
  return <MembersView />;
}
