/** The tables of a run that can be saved as files: its predictions, its figures by patient and by site. */
import { builder } from '../../graphql/builder.ts';
import { TABLE_FORMATS, type TableFormat } from '../../report/export-table.ts';
import { RunRef } from './run.ts';

type RunTable = { name: string; format: TableFormat; url: string };

/** The last one where the source tells sites. */
const TABLE_NAMES = ['predictions', 'patients', 'sites'] as const;

const RunTableRef = builder.objectRef<RunTable>('RunTable').implement({
  description: 'A table of a run as a file. TEST is in it only once opened.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'predictions: one row a patch; patients: one row a patient; sites: one row a site, where there are any.',
    }),
    format: t.exposeString('format', { description: 'csv or parquet.' }),
    url: t.exposeString('url', { description: 'Path below the API’s address.' }),
  }),
});

builder.prismaObjectField(RunRef, 'tables', (t) =>
  t.field({
    type: [RunTableRef],
    description: 'Its tables as files; empty before it has finished.',
    resolve: async ({ id, status, datasetId }, _args, { loaders }) => {
      if (status !== 'SUCCEEDED' || !datasetId) return [];
      const sites = (await loaders.sitesOfDataset.load(datasetId)) ?? [];
      return TABLE_NAMES.filter((name) => name !== 'sites' || sites.length > 0).flatMap((name) =>
        TABLE_FORMATS.map((format) => ({ name, format, url: `/runs/${id}/${name}.${format}` })),
      );
    },
  }),
);
