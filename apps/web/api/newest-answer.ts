/**
 * Answers may come in another order than their questions were sent, and the cache shows what comes last: a list that was asked
 * for before an act, and answered after the list that was asked for again, would stay as it was. Of queries that are the same,
 * the answer to the one that was sent last stands; an earlier one that is answered after it gets that answer too. An act keeps its own.
 */
import { ApolloLink } from '@apollo/client';
import { OperationTypeNode } from 'graphql';
import { Observable } from 'rxjs';
import { nameQuestion } from './early-answers.ts';

type SameQueries = {
  /** Those that wait for an answer. */
  open: Set<number>;
  newest: { number: number; answer: ApolloLink.Result } | null;
};

export function createNewestAnswerLink(): ApolloLink {
  const queries = new Map<string, SameQueries>();
  let sent = 0;
  return new ApolloLink((operation, forward) => {
    if (operation.operationType !== OperationTypeNode.QUERY) return forward(operation);
    const key = nameQuestion(operation.operationName ?? '', operation.variables);
    return new Observable((observer) => {
      const number = ++sent;
      const same = queries.get(key) ?? { open: new Set(), newest: null };
      queries.set(key, same);
      same.open.add(number);
      const asking = forward(operation).subscribe({
        next(answer) {
          const isLate = same.newest !== null && same.newest.number > number;
          // A refusal stands in for no answer.
          if (!isLate && !answer.errors) same.newest = { number, answer };
          observer.next(isLate && same.newest ? same.newest.answer : answer);
        },
        error: (error) => observer.error(error),
        complete: () => observer.complete(),
      });
      return () => {
        asking.unsubscribe();
        same.open.delete(number);
        if (same.open.size === 0) queries.delete(key);
      };
    });
  });
}
