/** A run's tags. */
import { Badge } from '../ui/badge.tsx';

export function TagList({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className="inline-flex flex-wrap gap-1">
      {tags.map((tag) => (
        <Badge key={tag} tone="outline" className="font-normal">
          {tag}
        </Badge>
      ))}
    </span>
  );
}
