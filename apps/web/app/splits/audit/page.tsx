/** The verdict on a split by its list alone. */
import type { Metadata } from 'next';
import { ListAuditView } from './list-audit-view.tsx';

export const metadata: Metadata = { title: 'Audit a list' };

export default function ListAuditPage() {
  return <ListAuditView />;
}
