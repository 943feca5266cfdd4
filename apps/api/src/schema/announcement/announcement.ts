/** What happened, as it was recorded for those who follow the platform from outside. */
import {
  ANNOUNCEMENT_KINDS,
  type AnnouncementKind,
  nameEventType,
} from '@microtome/domain/announcement/announcement';
import { describeAnnouncement } from '@microtome/domain/announcement/describe-announcement';
import { listAnnouncements } from '@microtome/store/announcement/announcements';
import { builder } from '../../graphql/builder.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../graphql/page-size.ts';

const MEANINGS = {
  RUN_QUEUED: 'A run waits for a worker: a new one, or one that begins again.',
  RUN_RUNNING: 'A run began.',
  RUN_SUCCEEDED: 'A run ended well.',
  RUN_FAILED: 'A run ended by an error.',
  RUN_CANCELED: 'A run was ended by a user.',
  EVALUATION_READY:
    'The figures of a run are there: of VALIDATION, of TEST once opened, or on another dataset.',
  CHAMPION_MOVED: 'The champion of a model is another version, or none.',
  IMPORT_SUCCEEDED: 'A dataset was imported.',
  IMPORT_FAILED: 'An import ended by an error.',
  IMPORT_CANCELED: 'An import was ended by a user.',
} satisfies Record<AnnouncementKind, string>;

const DESCRIBED = Object.fromEntries(
  ANNOUNCEMENT_KINDS.map((kind) => [kind, { description: MEANINGS[kind] }]),
) as Record<AnnouncementKind, { description: string }>;

export const AnnouncementKindEnum = builder.enumType('AnnouncementKind', {
  description: 'What an announcement tells of. Webhooks call it by small letters and a dot: `run.succeeded`.',
  values: DESCRIBED,
});

builder.queryField('announcementKinds', (t) =>
  t.field({
    type: [
      builder.objectRef<AnnouncementKind>('AnnouncementKindMeaning').implement({
        description: 'A kind of announcement and what it tells of.',
        fields: (f) => ({
          kind: f.field({ type: AnnouncementKindEnum, description: 'The kind.', resolve: (kind) => kind }),
          meaning: f.string({ description: 'What it tells of.', resolve: (kind) => MEANINGS[kind] }),
          eventType: f.string({ description: 'The `type` of its webhooks.', resolve: nameEventType }),
        }),
      }),
    ],
    description: 'Every kind of announcement that a receiver can ask for.',
    resolve: () => [...ANNOUNCEMENT_KINDS],
  }),
);

export const AnnouncementRef = builder.prismaObject('Announcement', {
  description: 'Something that happened. It never changes.',
  fields: (t) => ({
    number: t.exposeInt('number', {
      description: 'Its number, over everything: a greater one is never visible before it.',
    }),
    kind: t.expose('kind', { type: AnnouncementKindEnum, description: 'What it tells of.' }),
    title: t.string({
      description: 'What happened, in one line.',
      select: { facts: true },
      resolve: ({ facts }) => describeAnnouncement(facts).title,
    }),
    path: t.string({
      description: 'The page of the dashboard that shows more.',
      select: { facts: true },
      resolve: ({ facts }) => describeAnnouncement(facts).path,
    }),
    facts: t.expose('facts', {
      type: 'JSON',
      description: 'Ids, and names as they were, by kind: what a webhook gets as `data`.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.queryField('announcements', (t) =>
  t.field({
    type: [AnnouncementRef],
    description: 'What happened after a number, oldest first. Pass the last number to go on from there.',
    args: {
      after: t.arg.int({
        defaultValue: 0,
        required: true,
        description: 'The last number that you have; 0 for all.',
      }),
      kinds: t.arg({ type: [AnnouncementKindEnum], description: 'Only these kinds.' }),
      first: t.arg.int({
        defaultValue: DEFAULT_PAGE_SIZE,
        required: true,
        description: `How many, at most ${MAX_PAGE_SIZE}.`,
      }),
    },
    resolve: (_root, { after, kinds, first }, { store }) =>
      listAnnouncements(store, { afterNumber: after, kinds: kinds ?? ANNOUNCEMENT_KINDS, limit: first }),
  }),
);
