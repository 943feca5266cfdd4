/** The overview: what needs attention, what is running, where models and experiments stand, what finished last. */
import { OverviewView } from './overview-view.tsx';

export default function OverviewPage() {
  return <OverviewView />;
}
