/** The first page: what needs attention, what runs now, what came out last. */
import { OverviewView } from './overview-view.tsx';

export default function OverviewPage() {
  return <OverviewView />;
}
