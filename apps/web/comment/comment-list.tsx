'use client';
/** What people say of one thing, in its order, with the form that says more. */
import { EmptyState } from '../components/empty-state.tsx';
import type { CommentTextFragment } from '../graphql/generated/graphql.ts';
import { loadLater } from '../ui/load-later.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { CommentSubject } from './add-comment.tsx';
import { CommentEntry } from './comment-entry.tsx';

const AddComment = loadLater(
  async () => (await import('./add-comment.tsx')).AddComment,
  <Skeleton className="h-60" />,
);

type CommentListProps = {
  subject: CommentSubject;
  comments: readonly CommentTextFragment[];
  nothing: string;
};

export function CommentList({ subject, comments, nothing }: CommentListProps) {
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      {comments.length === 0 ? (
        <EmptyState title={nothing} />
      ) : (
        <ol aria-label="Comments" className="flex flex-col gap-3">
          {comments.map((comment) => (
            <CommentEntry key={comment.id} comment={comment} />
          ))}
        </ol>
      )}
      <AddComment subject={subject} />
    </div>
  );
}
