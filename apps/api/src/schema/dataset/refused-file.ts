/** Files that an import did not take, and why. */
import { builder } from '../../graphql/builder.ts';

const RefusedFileRef = builder.prismaObject('RefusedFile', {
  description: 'A file that the import refused.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Path within the folder or zip.' }),
    code: t.exposeString('code', { description: 'The kind of reason, for example NAME_UNPARSEABLE.' }),
    reason: t.exposeString('reason', { description: 'The reason as a sentence.' }),
  }),
});

export const RefusedFileConnection = builder.connectionObject(
  { type: RefusedFileRef, name: 'RefusedFileConnection', description: 'A page of refused files.' },
  { description: 'A refused file and its place in the list.' },
);

export const RefusalCountRef = builder
  .objectRef<{ code: string; sentence: string; count: number }>('RefusalCount')
  .implement({
    description: 'How many files were refused for one kind of reason.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'The kind of reason.' }),
      sentence: t.exposeString('sentence', { description: 'What it means, in the words of one such file.' }),
      count: t.exposeInt('count', { description: 'How many files (of those listed).' }),
    }),
  });
