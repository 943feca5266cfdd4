/** What stands in place of a run's curves while they, or what draws them, are on their way. */
import { Skeleton } from '../../ui/skeleton.tsx';

/** As many boxes as the main curves of a run. */
export function CurvesLoading() {
  return (
    <div
      role="status"
      aria-label="Loading the curves"
      className="mb-5 grid gap-4 md:grid-cols-2 xl:grid-cols-3"
    >
      {[1, 2, 3].map((key) => (
        <Skeleton key={key} className="h-56" />
      ))}
    </div>
  );
}
