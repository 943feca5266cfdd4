/** What one call of MLflow's protocol is: where it stands, whether it changes anything, and how it is answered. */
import type { ScopedStore } from '@microtome/store/mlflow/mlflow-scope';
import type { RequestReader } from './request-reader.ts';

type MlflowCall = {
  /** As the asker sees it. */
  store: ScopedStore;
  /** The account that asks; null without sign-in. */
  accountId: string | null;
  fields: RequestReader;
  /** A part of the address, as `model_id` of `/logged-models/:model_id`. */
  param(name: string): string;
};

/** An answer that is written already, in bytes: a long one is sent from them as they are. */
export class WrittenJson {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

export type MlflowRoute = {
  methods: readonly ('GET' | 'POST' | 'PATCH' | 'DELETE')[];
  /** Below `/api/2.0/mlflow`. */
  path: string;
  /** Who may only look is refused what writes. */
  writes: boolean;
  /** What is answered as JSON. */
  answer(call: MlflowCall): Promise<object>;
};

type Answer = MlflowRoute['answer'];

export const reading = (path: string, answer: Answer): MlflowRoute => ({
  methods: ['GET'],
  path,
  writes: false,
  answer,
});

/** What is asked by POST because the question is long; some may be asked by GET too. */
export const searching = (path: string, answer: Answer): MlflowRoute => ({
  methods: ['POST', 'GET'],
  path,
  writes: false,
  answer,
});

export const posting = (path: string, answer: Answer): MlflowRoute => ({
  methods: ['POST'],
  path,
  writes: true,
  answer,
});

export const changing = (method: 'PATCH' | 'DELETE', path: string, answer: Answer): MlflowRoute => ({
  methods: [method],
  path,
  writes: true,
  answer,
});
