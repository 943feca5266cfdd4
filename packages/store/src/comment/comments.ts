/**
 * What people say of a run, an experiment or a model, in the order in which they said it. A comment is changed and deleted by its writer alone: by the
 * account, or, where nobody signs in, by everybody who reaches the server.
 */
import { AppError } from '@microtome/domain/app-error';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import { type Comment, Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** What can be commented on; the noun is the name of its table. */
export type CommentSubject = { noun: 'run' | 'experiment' | 'model'; id: string };

/** Of one subject. */
export const COMMENTS_MAX = 1_000;

/** Who acts: null where nobody signs in. */
type Writer = { accountId: string | null };

type NewComment = { subject: CommentSubject; text: string; author?: string | undefined; writer: Writer };

/** @throws AppError NOT_FOUND; BAD_INPUT for a text that does not fit; CONFLICT when the subject has as many as it takes */
export async function addComment(store: Store, request: NewComment): Promise<Comment> {
  const {
    subject: { noun, id },
    writer,
  } = request;
  const data = { text: checkText(request.text, 'comment'), author: checkPerson(request.author) };
  const of = subjectColumn({ noun, id });
  return store.database.prisma.$transaction(async (tx) => {
    const [subject] = await tx.$queryRaw<{ name: string }[]>`
      select name from ${Prisma.raw(noun)} where id = ${id}::uuid for key share`;
    if (!subject) throw new AppError('NOT_FOUND', `There is no ${noun} '${id}'.`);
    if ((await tx.comment.count({ where: of })) >= COMMENTS_MAX) {
      const what = `The ${noun} '${subject.name}'`;
      throw new AppError('CONFLICT', `${what} has ${COMMENTS_MAX} comments: it takes no more.`);
    }
    return tx.comment.create({ data: { ...of, createdBy: writer.accountId, ...data } });
  });
}

function subjectColumn({ noun, id }: CommentSubject) {
  if (noun === 'run') return { runId: id };
  return noun === 'experiment' ? { experimentId: id } : { modelId: id };
}

/** @throws AppError NOT_FOUND; FORBIDDEN where it is another's; BAD_INPUT for a text that does not fit */
export async function editComment(
  store: Store,
  { commentId, text, writer }: { commentId: string; text: string; writer: Writer },
): Promise<Comment> {
  const kept = checkText(text, 'comment');
  await requireOwn(store, commentId, writer);
  const [comment] = await store.database.prisma.comment.updateManyAndReturn({
    where: { id: commentId },
    data: { text: kept, editedAt: new Date() },
  });
  if (!comment) throw noComment(commentId);
  return comment;
}

/** Gives what was deleted. @throws AppError NOT_FOUND; FORBIDDEN where it is another's */
export async function deleteComment(
  store: Store,
  { commentId, writer }: { commentId: string; writer: Writer },
): Promise<Comment> {
  const comment = await requireOwn(store, commentId, writer);
  await store.database.prisma.comment.deleteMany({ where: { id: commentId } });
  return comment;
}

export function isOwnComment({ createdBy }: Pick<Comment, 'createdBy'>, { accountId }: Writer): boolean {
  return accountId === null || createdBy === accountId;
}

async function requireOwn({ database: { prisma } }: Store, id: string, writer: Writer): Promise<Comment> {
  const comment = await prisma.comment.findUnique({ where: { id } });
  if (!comment) throw noComment(id);
  if (isOwnComment(comment, writer)) return comment;
  throw new AppError(
    'FORBIDDEN',
    `This comment is of '${comment.author}', who alone may change or delete it.`,
  );
}

function noComment(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no comment '${id}'.`);
}
