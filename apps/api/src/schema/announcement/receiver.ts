/** Who is told of announcements, and the log of what was sent to them. The secret of a webhook is not readable. */

import type { DeliveryStatus } from '@microtome/domain/announcement/delivery';
import type { ReceiverMedium } from '@microtome/domain/announcement/receiver';
import { builder } from '../../graphql/builder.ts';
import { findNewest } from '../../graphql/find-named.ts';
import { inOrder, NEWEST_FIRST, pageInOrder } from '../../graphql/paging/list-order.ts';
import { typed } from '../../graphql/typed-text.ts';
import { AnnouncementKindEnum } from './announcement.ts';

export const ReceiverMediumEnum = builder.enumType('ReceiverMedium', {
  description: 'The way to a receiver.',
  values: {
    WEBHOOK: { description: 'A signed POST to an address.' },
    MAIL: { description: 'A short message of plain text.' },
  } satisfies Record<ReceiverMedium, { description: string }>,
});

const DeliveryStatusEnum = builder.enumType('DeliveryStatus', {
  description: 'Where a delivery stands.',
  values: {
    PENDING: { description: 'It is due, under way, or waits for its next attempt.' },
    DELIVERED: { description: 'The receiver took it.' },
    FAILED: { description: 'It was given up; delivered again, it begins once more.' },
  } satisfies Record<DeliveryStatus, { description: string }>,
});

builder.prismaObject('DeliveryAttempt', {
  description: 'What became of one attempt.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number within the delivery, from 1.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    durationMs: t.exposeInt('durationMs', { description: 'How long it took.' }),
    answerStatus: t.exposeInt('answerStatus', {
      nullable: true,
      description: 'The HTTP status of the answer; null of mail, and without an answer.',
    }),
    answer: t.exposeString('answer', { description: 'How the answer begins.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it did not arrive; null when it did.',
    }),
  }),
});

export const DeliveryRef = builder.prismaObject('Delivery', {
  description: 'One announcement for one receiver, or a test.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Opaque id: the `webhook-id` of each of its attempts, by which a receiver tells doubles.',
    }),
    announcement: t.relation('announcement', {
      nullable: true,
      description: 'What is told; null of a test.',
    }),
    status: t.expose('status', { type: DeliveryStatusEnum, description: 'Where it stands.' }),
    attemptsMade: t.exposeInt('attemptsMade', { description: 'Attempts so far, with one under way.' }),
    attemptsLeft: t.exposeInt('attemptsLeft', { description: 'Attempts before it is given up.' }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      description: 'When the next attempt is due, while PENDING.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was delivered or given up.',
    }),
    attempts: t.relation('attempts', {
      description: 'What became of each attempt, newest first.',
      query: { orderBy: { number: 'desc' } },
    }),
  }),
});

const DeliveryConnection = builder.connectionObject(
  { type: DeliveryRef, name: 'DeliveryConnection', description: 'A page of deliveries.' },
  { description: 'A delivery and its place in the list.' },
);

export const ReceiverRef = builder.prismaObject('Receiver', {
  description: 'A webhook or a mail address that is told of announcements.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    medium: t.expose('medium', { type: ReceiverMediumEnum, description: 'The way to it.' }),
    address: t.exposeString('address', { description: 'Where it is.' }),
    kinds: t.expose('kinds', { type: [AnnouncementKindEnum], description: 'What it is told of.' }),
    addedBy: t.exposeString('addedBy', { description: 'Who added it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing is sent to it; null when it is not paused.',
    }),
    pauseReason: t.exposeString('pauseReason', {
      description: 'Why it was paused without a user; empty otherwise.',
    }),
    pendingCount: t.relationCount('deliveries', {
      description: 'Deliveries that wait for it.',
      where: { status: 'PENDING' },
    }),
    failedCount: t.relationCount('deliveries', {
      description: 'Deliveries that were given up.',
      where: { status: 'FAILED' },
    }),
    deliveries: t.prismaConnection(
      {
        type: 'Delivery',
        cursor: 'id',
        extensions: inOrder(NEWEST_FIRST),
        description: 'What was sent to it, newest first. Settled deliveries are kept for 90 days.',
        args: { status: t.arg({ type: DeliveryStatusEnum, description: 'Only those that stand there.' }) },
        totalCount: ({ id }, args, { store }) =>
          store.database.prisma.delivery.count({ where: matchDeliveries(id, args) }),
        resolve: (query, { id }, args, { store }) =>
          store.database.prisma.delivery.findMany(
            pageInOrder(query, { where: matchDeliveries(id, args), order: NEWEST_FIRST }),
          ),
      },
      DeliveryConnection,
    ),
  }),
});

function matchDeliveries(receiverId: string, { status }: { status?: DeliveryStatus | null }) {
  return { receiverId, ...(status ? { status } : {}) };
}

builder.queryFields((t) => ({
  receivers: t.prismaField({
    type: [ReceiverRef],
    description: 'Webhooks and mail addresses that are told of announcements, by address.',
    resolve: (query, _root, _args, { store }) =>
      store.database.prisma.receiver.findMany({ ...query, orderBy: [{ address: 'asc' }, { id: 'asc' }] }),
  }),
  receiver: t.prismaField({
    type: ReceiverRef,
    nullable: true,
    description: 'One receiver by id, or the newest of an address; null when there is none.',
    args: {
      id: t.arg.id({ description: 'Its id.' }),
      address: t.arg.string({
        extensions: typed('search'),
        description: 'Its address; used when `id` is left out.',
      }),
    },
    resolve: (query, _root, { id, address }, { store }) =>
      findNewest(
        { id, name: address },
        {
          byId: (known) => store.database.prisma.receiver.findUnique({ ...query, where: { id: known } }),
          byName: (name) =>
            store.database.prisma.receiver.findFirst({
              ...query,
              where: { address: name },
              orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            }),
        },
      ),
  }),
}));
