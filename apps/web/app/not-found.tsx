/** An address that leads nowhere. */
import { EmptyState } from '../components/empty-state.tsx';

export default function NotFound() {
  return (
    <EmptyState title="There is no such page.">Every page can be reached from the navigation.</EmptyState>
  );
}
