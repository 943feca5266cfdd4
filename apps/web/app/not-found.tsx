/** An address that leads nowhere. */
import { EmptyState } from '../components/empty-state.tsx';

export default function NotFound() {
  return (
    <EmptyState title="There is no such page.">The navigation leads to every page that there is.</EmptyState>
  );
}
