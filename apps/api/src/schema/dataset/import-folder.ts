/** Looking around below the import roots, so that the import form needs no typing. */

import { countSlideFiles } from '../../dataset/count-slide-files.ts';
import type { ImportFolder, ImportFolderEntry } from '../../dataset/import-roots.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';

const ImportFolderEntryRef = builder.objectRef<ImportFolderEntry>('ImportFolderEntry').implement({
  description:
    'A folder or zip that could be imported or opened, a table that could be a manifest, or a slide.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    path: t.exposeString('path', { description: 'Its whole path; pass it to `importDataset` or back here.' }),
    isZip: t.exposeBoolean('isZip', { description: 'True for a .zip.' }),
    isTable: t.exposeBoolean('isTable', { description: 'True for a CSV, TSV or Parquet file.' }),
    slideKind: t.exposeString('slideKind', {
      nullable: true,
      description: 'What scanner’s file it is by its ending, as `Aperio SVS`; null for everything else.',
    }),
    slideFiles: t.int({
      description:
        'Of a folder, how many of its first 1,000 entries are slides by their names; 0 for a file.',
      resolve: ({ path, bytes }) => (bytes === null ? countSlideFiles(path) : 0),
    }),
    bytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Size of a file; null for a folder.',
      resolve: ({ bytes }) => bytes,
    }),
  }),
});

const ImportFolderRef = builder.objectRef<ImportFolder>('ImportFolder').implement({
  description: 'One folder on the machine of the API, below an import root.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its whole path; empty for the list of import roots.' }),
    parent: t.exposeString('parent', {
      nullable: true,
      description:
        'The folder above; empty below the list of import roots, null where there is nothing above.',
    }),
    entries: t.field({
      type: [ImportFolderEntryRef],
      description: 'Folders, zips and tables in it, then slides, each by name, at most 1,000 in all.',
      resolve: ({ entries }) => entries,
    }),
  }),
});

builder.queryFields((t) => ({
  importRoots: t.stringList({
    description: 'The folders on the machine of the API below which imports are allowed.',
    resolve: (_root, _args, { importRoots }) => [...importRoots.paths],
  }),
  browseImportRoot: t.field({
    type: ImportFolderRef,
    description: 'What lies in a folder below an import root.',
    args: {
      path: t.arg.string({
        extensions: typed('path'),
        description:
          'The folder; when left out the import root, or the list of them where there are several.',
      }),
    },
    resolve: (_root, { path }, { importRoots }) => importRoots.browse(path ?? null),
  }),
}));
