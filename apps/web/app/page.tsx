/** The overview: what needs attention, what is running, what finished last. */
import { OverviewView } from './overview-view.tsx';

export default function OverviewPage() {
  return <OverviewView />;
}
