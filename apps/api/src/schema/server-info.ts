/** What this server is and runs on. */
import {
  CALLED_COLOUR,
  colourOfProbability,
  formatColour,
  LABEL_COLOURS,
  OTHER_OUTLINE_COLOUR,
  OUTCOME_COLOURS,
  sampleScale,
} from '@microtome/domain/slide/slide-colours';
import { getDatabaseVersion } from '@microtome/store/database/database-status';
import { builder } from '../graphql/builder.ts';
import { API_VERSION } from '../version.ts';

/** Where the scale of colours bends, for a threshold of one half. */
const HEATMAP_STOPS = [0, 0.25, 0.5, 0.75, 1];
/** So many colours of half a scale that two neighbours look alike. */
const SCALE_COLOURS = 64;

type SlideColourHalf = Parameters<typeof sampleScale>[0];

const listColours = (half: SlideColourHalf) => sampleScale(half, SCALE_COLOURS).map(formatColour);

const SlideColorsRef = builder.objectRef<object>('SlideColors').implement({
  description: 'The colours of what is drawn over slides, as #rrggbb.',
  fields: (t) => ({
    below: t.stringList({
      description: 'Probabilities from 0 up to the threshold, evenly spaced.',
      resolve: () => listColours('below'),
    }),
    above: t.stringList({
      description: 'Probabilities from the threshold to 1, evenly spaced.',
      resolve: () => listColours('above'),
    }),
    less: t.stringList({
      description: 'Differences between two runs from -1 to 0, evenly spaced.',
      resolve: () => listColours('less'),
    }),
    more: t.stringList({
      description: 'Differences between two runs from 0 to 1, evenly spaced.',
      resolve: () => listColours('more'),
    }),
    called: t.string({ description: 'What is called positive.', resolve: () => formatColour(CALLED_COLOUR) }),
    positive: t.string({
      description: 'What is positive.',
      resolve: () => formatColour(LABEL_COLOURS.positive),
    }),
    otherOutline: t.string({
      description: 'What was drawn and is not what is looked for, or is cut out of it.',
      resolve: () => formatColour(OTHER_OUTLINE_COLOUR),
    }),
    truePositive: t.string({
      description: 'Rightly called positive.',
      resolve: () => formatColour(OUTCOME_COLOURS.truePositive),
    }),
    falsePositive: t.string({
      description: 'Wrongly called positive.',
      resolve: () => formatColour(OUTCOME_COLOURS.falsePositive),
    }),
    falseNegative: t.string({
      description: 'Positive and not called.',
      resolve: () => formatColour(OUTCOME_COLOURS.falseNegative),
    }),
  }),
});

type ServerInfo = { startedAt: Date; artifactStore: string };

const ServerInfoRef = builder.objectRef<ServerInfo>('ServerInfo').implement({
  description: 'What this server is and runs on.',
  fields: (t) => ({
    version: t.string({ description: 'Version of Microtome.', resolve: () => API_VERSION }),
    database: t.string({
      description: 'The database server and its version.',
      resolve: (_info, _args, { store }) => getDatabaseVersion(store.database),
    }),
    queue: t.string({ description: 'The queue.', resolve: () => 'pg-boss on the same database' }),
    artifactStore: t.exposeString('artifactStore', {
      description: 'Where files are kept, without credentials.',
    }),
    heatmapColors: t.stringList({
      description:
        'The colours of heatmaps where the threshold is one half, at evenly spaced probabilities from 0 to 1, as #rrggbb.',
      resolve: () => HEATMAP_STOPS.map((probability) => formatColour(colourOfProbability(probability, 0.5))),
    }),
    slideColors: t.field({
      type: SlideColorsRef,
      description: 'The colours of what is drawn over slides.',
      resolve: () => ({}),
    }),
    sendsMail: t.boolean({
      description: 'Whether announcements go out by mail: only where SMTP_URL is set.',
      resolve: (_info, _args, { outgoing }) => outgoing.mail !== null,
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When this server started.' }),
  }),
});

builder.queryField('serverInfo', (t) =>
  t.field({
    type: ServerInfoRef,
    description: 'What this server is and runs on.',
    resolve: (_root, _args, { startedAt, store }) => ({
      startedAt,
      artifactStore: redactUrl(store.artifacts.url),
    }),
  }),
);

function redactUrl(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
