'use client';
/** One comment: who, when, and what; its writer may change and delete it. */
import { useMutation } from '@apollo/client/react';
import { type FormEvent, useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Moment } from '../components/moment.tsx';
import { usePlainFormAction } from '../form/use-plain-form-action.ts';
import {
  type CommentTextFragment,
  DeleteCommentDocument,
  EditCommentDocument,
} from '../graphql/generated/graphql.ts';
import { LaterMarkdown } from '../markdown/later-markdown.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Textarea } from '../ui/field.tsx';

export function CommentEntry({ comment }: { comment: CommentTextFragment }) {
  const [isEdited, setEdited] = useState(false);
  const { author, text, createdAt, editedAt, isOwn } = comment;
  return (
    <li className="rounded-lg border border-line bg-surface px-4 py-3">
      <p className="mb-1.5 flex flex-wrap items-center gap-x-2 text-sm text-muted-foreground">
        <b className="text-foreground">{author}</b>
        <Moment at={createdAt} />
        {editedAt && (
          <span>
            , changed <Moment at={editedAt} />
          </span>
        )}
        {isOwn && !isEdited && <CommentActs comment={comment} onEdit={() => setEdited(true)} />}
      </p>
      {isEdited ? (
        <EditComment comment={comment} onDone={() => setEdited(false)} />
      ) : (
        <LaterMarkdown text={text} className="text-sm" />
      )}
    </li>
  );
}

function CommentActs({ comment, onEdit }: { comment: CommentTextFragment; onEdit: () => void }) {
  const [deleteComment] = useMutation(DeleteCommentDocument);
  return (
    <span className="ml-auto flex gap-1">
      <Button look="ghost" size="sm" onClick={onEdit}>
        Edit
      </Button>
      <ConfirmDialog
        trigger={
          <Button look="ghost" size="sm">
            Delete
          </Button>
        }
        title="Delete this comment"
        confirm="Delete"
        done="Deleted"
        onConfirm={() => deleteComment({ variables: { id: comment.id } })}
      >
        It is gone for everybody.
      </ConfirmDialog>
    </span>
  );
}

function EditComment({ comment, onDone }: { comment: CommentTextFragment; onDone: () => void }) {
  const [text, setText] = useState(comment.text);
  const [editComment] = useMutation(EditCommentDocument);
  const action = usePlainFormAction(['text']);
  async function save(event: FormEvent) {
    event.preventDefault();
    if (await action.run(() => editComment({ variables: { id: comment.id, text } }))) onDone();
  }
  return (
    <form onSubmit={save} aria-label="Edit comment" className="flex flex-col gap-2">
      <Field label="Comment" hint="In Markdown." error={action.errors.text}>
        <Textarea
          rows={4}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={({ key }) => key === 'Escape' && onDone()}
        />
      </Field>
      <span className="flex gap-2">
        <Button type="submit" look="primary" size="sm" disabled={action.busy || text.trim() === ''}>
          Save
        </Button>
        <Button size="sm" onClick={onDone}>
          Leave as it was
        </Button>
      </span>
    </form>
  );
}
