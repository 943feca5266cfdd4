/** What this server is and runs on. */
import { colourOfProbability, type Rgba } from '@microtome/domain/slide/heatmap-grid';
import { getDatabaseVersion } from '@microtome/store/database/database-status';
import { builder } from '../graphql/builder.ts';
import { API_VERSION } from '../version.ts';

/** Where the colour map bends. */
const HEATMAP_STOPS = [0, 0.25, 0.5, 0.75, 1];

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
      description: 'The colours of heatmaps at evenly spaced probabilities from 0 to 1, as #rrggbb.',
      resolve: () => HEATMAP_STOPS.map((probability) => formatColor(colourOfProbability(probability))),
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

function formatColor([red, green, blue]: Rgba): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
