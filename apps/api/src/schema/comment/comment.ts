/** What people say of a run, an experiment or a model: read with it, written under the account's name, changed and deleted by its writer alone. */
import { AppError } from '@microtome/domain/app-error';
import {
  addComment,
  COMMENTS_MAX,
  type CommentSubject,
  deleteComment,
  editComment,
  isOwnComment,
} from '@microtome/store/comment/comments';
import { getRun } from '@microtome/store/run/runs';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ExperimentRef } from '../experiment/experiment.ts';
import { ModelRef } from '../model/model.ts';
import { RunRef } from '../run/run.ts';

const CommentRef = builder.prismaObject('Comment', {
  description: 'What somebody says of a run, an experiment or a model, in Markdown.',
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

const COMMENTS = {
  type: CommentRef,
  description: `What people say of it, oldest first; at most ${COMMENTS_MAX}.`,
  query: { orderBy: [{ createdAt: 'asc' as const }, { id: 'asc' as const }] },
};

builder.prismaObjectField(RunRef, 'comments', (t) => t.relation('comments', COMMENTS));
builder.prismaObjectField(ExperimentRef, 'comments', (t) => t.relation('comments', COMMENTS));
builder.prismaObjectField(ModelRef, 'comments', (t) => t.relation('comments', COMMENTS));

type Given = { runId?: string | null; experimentId?: string | null; modelId?: string | null };

function readSubject({ runId, experimentId, modelId }: Given): CommentSubject {
  const named = [
    runId ? { noun: 'run' as const, id: parseRecordId(runId, 'run') } : null,
    experimentId ? { noun: 'experiment' as const, id: parseRecordId(experimentId, 'experiment') } : null,
    modelId ? { noun: 'model' as const, id: parseRecordId(modelId, 'model') } : null,
  ].filter((subject) => subject !== null);
  const [subject] = named;
  if (subject && named.length === 1) return subject;
  throw new AppError(
    'BAD_INPUT',
    `A comment is of one run, experiment or model: ${named.length === 0 ? 'none is' : `${named.length} are`} named.`,
  );
}

builder.mutationFields((t) => ({
  addComment: t.field({
    type: CommentRef,
    description:
      'Says something of a run, an experiment or a model: of one of them. All who follow the run see it.',
    args: {
      runId: t.arg.id({ description: 'Id of the run.' }),
      experimentId: t.arg.id({ description: 'Id of the experiment.' }),
      modelId: t.arg.id({ description: 'Id of the model.' }),
      text: t.arg.string({
        extensions: typed('comment'),
        required: true,
        description: 'The text, in Markdown.',
      }),
      author: t.arg.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
    },
    resolve: (_root, { text, author, ...subject }, { store, access }) =>
      addComment(store, {
        subject: readSubject(subject),
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
    nullable: true,
    description: 'Deletes a comment of your own. Gives its run; null where it was of something else.',
    args: { id: t.arg.id({ required: true, description: 'Id of the comment.' }) },
    resolve: async (_root, { id }, { store, access }) => {
      const writer = { accountId: readAccountId(access) };
      const { runId } = await deleteComment(store, { commentId: parseRecordId(id, 'comment'), writer });
      return runId ? getRun(store, runId) : null;
    },
  }),
}));
