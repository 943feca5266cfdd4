/** What a run event says, by its kind: the payload with types. */
import type {
  EpochPayload,
  EvaluationPayload,
  LogPayload,
  StatusPayload,
} from '@microtome/domain/run/run-event';
import { builder } from '../../graphql/builder.ts';
import { RunStatusEnum, SubsetEnum } from '../enums.ts';
import { RunEventRef } from './run-event.ts';

const RunStatusFactRef = builder.objectRef<StatusPayload>('RunStatusFact').implement({
  description: 'The run moved to another status, or was asked to.',
  fields: (t) => ({
    status: t.expose('status', { type: RunStatusEnum, description: 'The status.' }),
    workerId: t.exposeString('workerId', { nullable: true, description: 'The worker that claimed it.' }),
    outcome: t.exposeString('outcome', { nullable: true, description: 'Why the attempt before ended.' }),
    error: t.exposeString('error', { nullable: true, description: 'What went wrong, as a sentence.' }),
    cancelRequested: t.boolean({
      description: 'Whether a cancel was asked for.',
      resolve: ({ cancelRequested }) => cancelRequested ?? false,
    }),
    retried: t.boolean({
      description: 'Whether a user let it try again.',
      resolve: ({ retried }) => retried ?? false,
    }),
  }),
});

const RunEpochFactRef = builder.objectRef<EpochPayload>('RunEpochFact').implement({
  description: 'An epoch ended; its numbers are in `metrics` of the event.',
  fields: (t) => ({
    epoch: t.exposeInt('epoch', { description: 'The epoch, from 1.' }),
    step: t.exposeInt('step', { description: 'Optimizer steps so far.' }),
    best: t.exposeBoolean('best', { description: 'Whether the monitored metric was never better.' }),
  }),
});

const RunEvaluationFactRef = builder.objectRef<EvaluationPayload>('RunEvaluationFact').implement({
  description: 'A subset was evaluated.',
  fields: (t) => ({
    subset: t.expose('subset', { type: SubsetEnum, description: 'The subset.' }),
    threshold: t.exposeFloat('threshold', { description: 'The threshold.' }),
    openedBy: t.exposeString('openedBy', { nullable: true, description: 'Of TEST: who opened it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Of TEST: why.' }),
  }),
});

const RunLogFactRef = builder.objectRef<LogPayload>('RunLogFact').implement({
  description: 'A line of the training log.',
  fields: (t) => ({ line: t.exposeString('line', { description: 'The line.' }) }),
});

const RunFact = builder.unionType('RunFact', {
  description: 'What an event says, by its kind.',
  types: [RunStatusFactRef, RunEpochFactRef, RunEvaluationFactRef, RunLogFactRef],
  resolveType: (payload) => {
    if ('status' in payload) return 'RunStatusFact';
    if ('line' in payload) return 'RunLogFact';
    return 'subset' in payload ? 'RunEvaluationFact' : 'RunEpochFact';
  },
});

type TypedPayload = StatusPayload | EpochPayload | EvaluationPayload | LogPayload;

const TYPED: readonly string[] = ['STATUS', 'EPOCH', 'EVALUATION', 'LOG'];

function isTyped(kind: string, payload: unknown): payload is TypedPayload {
  return TYPED.includes(kind) && typeof payload === 'object';
}

builder.prismaObjectField(RunEventRef, 'fact', (t) =>
  t.field({
    type: RunFact,
    nullable: true,
    description: 'The fact itself; null of a kind whose numbers are elsewhere.',
    resolve: ({ kind, payload }) => (isTyped(kind, payload) ? payload : null),
  }),
);
