/**
 * Answers may come in another order than their questions were sent, and the cache shows what comes last: a list that was asked
 * for before an act, and answered after the list that was asked for again, would stay as it was. Of questions that are the same,
 * the answer to the one that was sent last stands; an earlier one that is answered after it gets that answer too.
 */
import { ApolloLink } from '@apollo/client';
import { Observable } from 'rxjs';
import { nameQuestion } from './early-answers.ts';

type SameQuestions = {
  /** Those that wait for an answer. */
  open: Set<number>;
  newest: { number: number; answer: ApolloLink.Result } | null;
};

export function createNewestAnswerLink(): ApolloLink {
  const questions = new Map<string, SameQuestions>();
  let sent = 0;
  return new ApolloLink((operation, forward) => {
    const key = nameQuestion(operation.operationName ?? '', operation.variables);
    return new Observable((observer) => {
      const number = ++sent;
      const same = questions.get(key) ?? { open: new Set(), newest: null };
      questions.set(key, same);
      same.open.add(number);
      const asking = forward(operation).subscribe({
        next(answer) {
          if (!same.newest || same.newest.number < number) same.newest = { number, answer };
          observer.next(same.newest.answer);
        },
        error: (error) => observer.error(error),
        complete: () => observer.complete(),
      });
      return () => {
        asking.unsubscribe();
        same.open.delete(number);
        if (same.open.size === 0) questions.delete(key);
      };
    });
  });
}
