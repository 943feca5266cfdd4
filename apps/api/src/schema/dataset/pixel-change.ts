/** What an import changed about pixels on the way in, so that every patch is 8-bit RGB. */
import { CHANGE_SENTENCES, type ChangeCode } from '@microtome/store/import/pixels/pixel-change';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';

builder.prismaObject('PixelChange', {
  description: 'One kind of change to the pixels of files that were imported.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The kind, for example TRANSPARENCY_TO_WHITE.' }),
    sentence: t.string({
      description: 'What was done, as a sentence.',
      resolve: ({ code }) => CHANGE_SENTENCES[code as ChangeCode] ?? code,
    }),
    fileCount: t.exposeInt('fileCount', { description: 'How many files it was done to.' }),
    paths: t.stringList({
      description: 'Those files: paths within the folder or zip, at most 2,000 of them.',
      args: {
        first: t.arg.int({
          defaultValue: 20,
          required: true,
          description: `How many, at most ${MAX_PAGE_SIZE}.`,
        }),
      },
      resolve: ({ paths }, { first }) => paths.slice(0, first),
    }),
  }),
});
