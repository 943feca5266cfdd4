/** What people say of a run: read with it, written under the account's name, changed and deleted by its writer alone. */
import {
  addComment,
  COMMENTS_MAX,
  deleteComment,
  editComment,
  isOwnComment,
} from '@microtome/store/comment/comments';
import { getRun } from '@microtome/store/run/runs';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from '../run/run.ts';

const CommentRef = builder.prismaObject('Comment', {
  description: 'What somebody says of a run, in Markdown.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    text: t.exposeString('text', { description: 'The text, in Markdown.' }),
    author: t.exposeString('author', { description: 'Who wrote it, by the name of that time.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its text was changed last; null when it never was.',
    }),
    isOwn: t.boolean({
      description: 'Whether you may change and delete it.',
      select: { createdBy: true },
      resolve: (comment, _args, { access }) => isOwnComment(comment, { accountId: readAccountId(access) }),
    }),
  }),
});

builder.prismaObjectField(RunRef, 'comments', (t) =>
  t.relation('comments', {
    type: CommentRef,
    description: `What people say of it, oldest first; at most ${COMMENTS_MAX}.`,
    query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
  }),
);

builder.mutationFields((t) => ({
  addComment: t.field({
    type: CommentRef,
    description: 'Says something of a run. All who follow the run see it.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      text: t.arg.string({
        extensions: typed('comment'),
        required: true,
        description: 'The text, in Markdown.',
      }),
      author: t.arg.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
    },
    resolve: (_root, { runId, text, author }, { store, access }) =>
      addComment(store, {
        runId: parseRecordId(runId, 'run'),
        text,
        author: author ?? undefined,
        writer: { accountId: readAccountId(access) },
      }),
  }),
  editComment: t.field({
    type: CommentRef,
    description: 'Changes the text of a comment of your own.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the comment.' }),
      text: t.arg.string({
        extensions: typed('comment'),
        required: true,
        description: 'The new text, in Markdown.',
      }),
    },
    resolve: (_root, { id, text }, { store, access }) =>
      editComment(store, {
        commentId: parseRecordId(id, 'comment'),
        text,
        writer: { accountId: readAccountId(access) },
      }),
  }),
  deleteComment: t.field({
    type: RunRef,
    description: 'Deletes a comment of your own. Gives its run.',
    args: { id: t.arg.id({ required: true, description: 'Id of the comment.' }) },
    resolve: async (_root, { id }, { store, access }) => {
      const writer = { accountId: readAccountId(access) };
      const { runId } = await deleteComment(store, { commentId: parseRecordId(id, 'comment'), writer });
      return getRun(store, runId);
    },
  }),
}));
