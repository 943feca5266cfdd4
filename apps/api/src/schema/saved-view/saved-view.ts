/** Saved views of the run table: a project's people share them by name. */
import { changeSavedView, createSavedView, deleteSavedView } from '@microtome/store/saved-view/saved-views';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { HOME_SENTENCE, placeIn } from '../../graphql/home-project.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ProjectRef } from '../access/project.ts';

const ADDRESS =
  'What the address of the run table says behind its question mark: filters, order, groups, columns. The page alone reads it.';
const DEFAULT =
  'Whether the run table shows it where its address says nothing. One view of a project at most.';

const SavedViewRef = builder.prismaObject('SavedView', {
  description: 'The run table as the people of a project look at it, under a name.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name, unique in the project.' }),
    address: t.exposeString('address', { description: ADDRESS }),
    isDefault: t.exposeBoolean('isDefault', { description: DEFAULT }),
    project: t.relation('project', { type: ProjectRef, description: 'The project whose people share it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was saved first.' }),
    changedAt: t.expose('changedAt', { type: 'DateTime', description: 'When it was changed last.' }),
  }),
});

const CreateSavedViewInput = builder.inputType('CreateSavedViewInput', {
  description: 'A new saved view.',
  fields: (t) => ({
    projectId: t.id({ description: HOME_SENTENCE }),
    name: t.string({
      extensions: typed('viewName'),
      required: true,
      description: 'A name that is not in use in the project.',
    }),
    address: t.string({ extensions: typed('viewAddress'), required: true, description: ADDRESS }),
    isDefault: t.boolean({ description: `${DEFAULT} False when left out.` }),
  }),
});

const ChangeSavedViewInput = builder.inputType('ChangeSavedViewInput', {
  description: 'What changes of a saved view; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The view.' }),
    name: t.string({ extensions: typed('viewName'), description: 'Another name.' }),
    address: t.string({ extensions: typed('viewAddress'), description: ADDRESS }),
    isDefault: t.boolean({ description: DEFAULT }),
  }),
});

builder.queryField('savedViews', (t) =>
  t.prismaField({
    type: [SavedViewRef],
    description: 'The saved views of the run table, by name.',
    resolve: (query, _root, _args, { store, access }) =>
      store.database.prisma.savedView.findMany({
        ...query,
        where: inProjects(access),
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      }),
  }),
);

builder.mutationFields((t) => ({
  createSavedView: t.field({
    type: SavedViewRef,
    description: 'Saves how the run table is looked at, under a name, for all of a project.',
    args: { input: t.arg({ type: CreateSavedViewInput, required: true, description: 'The view.' }) },
    resolve: (_root, { input }, { store, access }) =>
      createSavedView(store, {
        projectId: placeIn(access, input.projectId),
        name: input.name,
        address: input.address,
        isDefault: input.isDefault ?? undefined,
      }),
  }),
  changeSavedView: t.field({
    type: SavedViewRef,
    description: 'Renames a saved view, overwrites what it shows, or makes it the default.',
    args: { input: t.arg({ type: ChangeSavedViewInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, { store }) =>
      changeSavedView(store, {
        id: parseRecordId(input.id, 'saved view'),
        name: input.name ?? undefined,
        address: input.address ?? undefined,
        isDefault: input.isDefault ?? undefined,
      }),
  }),
  deleteSavedView: t.id({
    description: 'Deletes a saved view. Gives the id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the view.' }) },
    resolve: async (_root, { id }, { store }) => {
      await deleteSavedView(store, parseRecordId(id, 'saved view'));
      return id;
    },
  }),
}));
