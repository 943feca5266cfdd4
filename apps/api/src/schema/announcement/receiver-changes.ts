/** What can be done with receivers and deliveries: add, change, pause, remove; test, deliver again. */
import { atField } from '@microtome/domain/at-field';
import { redeliver, sendTest } from '@microtome/store/announcement/deliveries';
import {
  addReceiver,
  changeReceiver,
  type ReceiverWithSecret,
  removeReceiver,
  renewSecret,
} from '@microtome/store/announcement/receivers';
import { checkReceiverAddress } from '../../delivery/check-receiver-address.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { AnnouncementKindEnum } from './announcement.ts';
import { DeliveryRef, ReceiverMediumEnum, ReceiverRef } from './receiver.ts';

const AddReceiverInput = builder.inputType('AddReceiverInput', {
  description: 'Who is to be told, and of what.',
  fields: (t) => ({
    medium: t.field({ type: ReceiverMediumEnum, required: true, description: 'The way to it.' }),
    address: t.string({
      extensions: typed('address'),
      required: true,
      description: 'An address that begins with http or https, or a mail address.',
    }),
    kinds: t.field({ type: [AnnouncementKindEnum], required: true, description: 'What it is told of.' }),
    addedBy: t.string({ extensions: typed('personName'), description: 'Your name.' }),
  }),
});

const ReceiverWithSecretRef = builder.objectRef<ReceiverWithSecret>('ReceiverWithSecret').implement({
  description: 'A receiver, with what is told of it only now.',
  fields: (t) => ({
    receiver: t.field({ type: ReceiverRef, description: 'It.', resolve: ({ receiver }) => receiver }),
    secret: t.exposeString('secret', {
      nullable: true,
      description:
        'Of a webhook: the key of its signatures, as libraries of Standard Webhooks take it. It is not shown again.',
    }),
  }),
});

builder.mutationFields((t) => ({
  addReceiver: t.field({
    type: ReceiverWithSecretRef,
    description: 'Adds a webhook or a mail address. It is told of what happens from now on.',
    args: { input: t.arg({ type: AddReceiverInput, required: true, description: 'The receiver.' }) },
    resolve: async (_root, { input }, { store, outgoing }) => {
      await atField('address', () => checkReceiverAddress(input, outgoing));
      return addReceiver(store, { ...input, addedBy: input.addedBy ?? undefined });
    },
  }),
  changeReceiver: t.field({
    type: ReceiverRef,
    description:
      'Changes what a receiver is told of, or pauses it: what happens meanwhile is not told later.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the receiver.' }),
      kinds: t.arg({ type: [AnnouncementKindEnum], description: 'What it is told of; left out: as before.' }),
      paused: t.arg.boolean({ description: 'True pauses it, false goes on; left out: as before.' }),
    },
    resolve: (_root, { id, kinds, paused }, { store }) =>
      changeReceiver(store, {
        id: parseRecordId(id, 'receiver'),
        ...(kinds ? { kinds } : {}),
        ...(paused == null ? {} : { paused }),
      }),
  }),
  renewReceiverSecret: t.field({
    type: ReceiverWithSecretRef,
    description: 'Another secret for a webhook: what is sent from now on is signed with it.',
    args: { id: t.arg.id({ required: true, description: 'Id of the receiver.' }) },
    resolve: (_root, { id }, { store }) => renewSecret(store, parseRecordId(id, 'receiver')),
  }),
  removeReceiver: t.field({
    type: 'ID',
    description: 'Removes a receiver with the log of what was sent to it; gives its id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the receiver.' }) },
    resolve: async (_root, { id }, { store }) =>
      (await removeReceiver(store, parseRecordId(id, 'receiver'))).id,
  }),
  testReceiver: t.field({
    type: DeliveryRef,
    description: 'Sends a test message; ask for the delivery’s attempts to see what became of it.',
    args: { id: t.arg.id({ required: true, description: 'Id of the receiver.' }) },
    resolve: (_root, { id }, { store }) => sendTest(store, parseRecordId(id, 'receiver')),
  }),
  redeliver: t.field({
    type: DeliveryRef,
    description: 'Sends a delivery again, at once, under the same id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the delivery.' }) },
    resolve: (_root, { id }, { store }) => redeliver(store, parseRecordId(id, 'delivery')),
  }),
}));
