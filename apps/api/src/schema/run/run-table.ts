/** The tables of a run that can be saved as files: its predictions and its figures by patient. */
import { builder } from '../../graphql/builder.ts';
import { TABLE_FORMATS, type TableFormat } from '../../report/export-table.ts';
import { RunRef } from './run.ts';

type RunTable = { name: string; format: TableFormat; url: string };

const TABLE_NAMES = ['predictions', 'patients'] as const;

const RunTableRef = builder.objectRef<RunTable>('RunTable').implement({
  description: 'A table of a run as a file. TEST is in it only once opened.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'predictions: one row a patch; patients: one row a patient.',
    }),
    format: t.exposeString('format', { description: 'csv or parquet.' }),
    url: t.exposeString('url', { description: 'Path below the API’s address.' }),
  }),
});

builder.prismaObjectField(RunRef, 'tables', (t) =>
  t.field({
    type: [RunTableRef],
    description: 'Its tables as files; empty before it has finished.',
    resolve: ({ id, status }) =>
      status !== 'SUCCEEDED'
        ? []
        : TABLE_NAMES.flatMap((name) =>
            TABLE_FORMATS.map((format) => ({ name, format, url: `/runs/${id}/${name}.${format}` })),
          ),
  }),
);
