/** Registered models and their versions. */
import { findReferredId } from '@microtome/store/model/model-references';
import { createModel, registerModelVersion, updateModel } from '@microtome/store/model/models';
import { findPreviousVersionId, judgeModelVersion } from '@microtome/store/model/promotions';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findInProject, findNewest, NAMED_IN_PROJECT } from '../../graphql/find-named.ts';
import { HOME_SENTENCE, placeIn } from '../../graphql/home-project.ts';
import { BY_NAME, inOrder, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ProjectRef } from '../access/project.ts';
import { GateVerdictRef } from './gate-verdict.ts';

export const ModelVersionRef = builder.prismaObject('ModelVersion', {
  description: 'The saved result of one run under a model’s name.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    number: t.exposeInt('number', { description: 'Number within the model, from 1.' }),
    run: t.relation('run', { description: 'The run that made it.' }),
    notes: t.exposeString('notes', { description: 'Free notes; may be empty.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
    model: t.relation('model', { description: 'The model.' }),
    aliases: t.stringList({
      description: 'The aliases that point to it.',
      resolve: async ({ id }, _args, { loaders }) =>
        ((await loaders.aliasesOfVersion.load(id)) ?? []).map(({ name }) => name),
    }),
    gate: t.field({
      type: GateVerdictRef,
      description: 'The verdict that a promotion to champion would get now.',
      resolve: ({ id }, _args, { store, pairs, audits }) =>
        judgeModelVersion(store, { versionId: id, pairs, auditSplit: audits.audit }),
    }),
  }),
});

const AliasRef = builder.prismaObject('Alias', {
  description: 'A name that points to one version of a model.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name, e.g. champion.' }),
    version: t.field({
      type: ModelVersionRef,
      description: 'The version that it points to.',
      select: (_args, _context, nestedSelection) => ({
        promotion: { select: { version: nestedSelection(true) } },
      }),
      resolve: ({ promotion }) => promotion.version,
    }),
    promotion: t.relation('promotion', { description: 'The promotion that put it there.' }),
    movedAt: t.expose('movedAt', { type: 'DateTime', description: 'When it moved there.' }),
  }),
});

export const ModelRef = builder.prismaObject('Model', {
  description: 'A registered name, with the policy of its gate.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name, unique in its project.' }),
    project: t.relation('project', { type: ProjectRef, description: 'The project that it is part of.' }),
    description: t.exposeString('description', { description: 'What it is for; may be empty.' }),
    intendedUse: t.exposeString('intendedUse', {
      description: 'What it is meant for and what not, as its cards say it; may be empty.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    versions: t.relation('versions', {
      description: 'Its versions, newest first.',
      query: { orderBy: { number: 'desc' } },
    }),
    version: t.prismaField({
      type: ModelVersionRef,
      nullable: true,
      description: 'One version by its number; null when there is none.',
      args: { number: t.arg.int({ required: true, description: 'Number within the model, from 1.' }) },
      resolve: (query, { id: modelId }, { number }, { store }) =>
        store.database.prisma.modelVersion.findUnique({
          ...query,
          where: { modelId_number: { modelId, number } },
        }),
    }),
    aliases: t.relation('aliases', {
      type: AliasRef,
      description: 'Its aliases, by name.',
      query: { orderBy: { name: 'asc' } },
    }),
    champion: t.field({
      type: ModelVersionRef,
      nullable: true,
      description: 'The version that `champion` points to; null before the first promotion.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.championOfModel.load(id)) ?? null,
    }),
    previousVersion: t.field({
      type: ModelVersionRef,
      nullable: true,
      description: 'The version that rolling `champion` back would return to; null when there is none.',
      resolve: async ({ id }, _args, { store, loaders }) => {
        const versionId = await findPreviousVersionId(store, { modelId: id });
        return versionId ? ((await loaders.modelVersion.load(versionId)) ?? null) : null;
      },
    }),
    promotions: t.relation('promotions', {
      description: 'Every act on its aliases, refused ones too, newest first.',
      query: { orderBy: { number: 'desc' } },
    }),
  }),
});

const ModelConnection = builder.connectionObject(
  { type: ModelRef, name: 'ModelConnection', description: 'A page of models.' },
  { description: 'A model and its place in the list.' },
);

const CreateModelInput = builder.inputType('CreateModelInput', {
  description: 'A new model.',
  fields: (t) => ({
    name: t.string({
      extensions: typed('modelName'),
      required: true,
      description: 'A name that no other model of the project has.',
    }),
    description: t.string({
      extensions: typed('description'),
      description: 'What it is for, in a sentence.',
    }),
    intendedUse: t.string({
      extensions: typed('intendedUse'),
      description: 'What it is meant for and what not: opens the card of each version.',
    }),
    createdBy: t.string({
      extensions: typed('personName'),
      description: 'Who; "unknown" when left out. Stands with the first policy.',
    }),
    projectId: t.id({ description: HOME_SENTENCE }),
    policy: t.field({ type: 'JSON', description: 'Rules of its gate that differ from the default policy.' }),
  }),
});

const UpdateModelInput = builder.inputType('UpdateModelInput', {
  description: 'What to say of a model; what is left out stays.',
  fields: (t) => ({
    modelId: t.id({ required: true, description: 'The model.' }),
    description: t.string({
      extensions: typed('description'),
      description: 'What it is for, in a sentence.',
    }),
    intendedUse: t.string({
      extensions: typed('intendedUse'),
      description: 'What it is meant for and what not: opens the card of each version.',
    }),
  }),
});

const RegisterModelVersionInput = builder.inputType('RegisterModelVersionInput', {
  description: 'A run to register under a model’s name.',
  fields: (t) => ({
    modelId: t.id({ required: true, description: 'The model.' }),
    runId: t.id({ required: true, description: 'A run that succeeded.' }),
    notes: t.string({ extensions: typed('notes'), description: 'Free notes.' }),
  }),
});

builder.queryFields((t) => ({
  models: t.prismaConnection(
    {
      type: 'Model',
      cursor: 'id',
      extensions: inOrder(BY_NAME),
      description: 'All models, by name.',
      totalCount: (_root, _args, { store, access }) =>
        store.database.prisma.model.count({ where: inProjects(access) }),
      resolve: (query, _root, _args, { store, access }) =>
        store.database.prisma.model.findMany(
          pageInOrder(query, { where: inProjects(access), order: BY_NAME }),
        ),
    },
    ModelConnection,
  ),
  model: t.prismaField({
    type: 'Model',
    nullable: true,
    description: 'One model by id or by name; null when there is none.',
    args: NAMED_IN_PROJECT,
    resolve: (query, _root, args, { store, access }) =>
      findInProject({ noun: 'model', access }, args, {
        byId: (id) => store.database.prisma.model.findUnique({ ...query, where: { id } }),
        byName: (where) => store.database.prisma.model.findMany({ ...query, where, take: 2 }),
      }),
  }),
  modelVersion: t.prismaField({
    type: ModelVersionRef,
    nullable: true,
    description: 'One model version by id, or as its model points to it; null when there is none.',
    args: {
      id: t.arg.id({ description: 'Its id.' }),
      name: t.arg.string({
        extensions: typed('search'),
        description:
          'NAME@ALIAS, NAME@NUMBER or NAME for its champion, with PROJECT/ before it where several have one.',
      }),
    },
    resolve: async (query, _root, args, { store, access }) => {
      const byId = (id: string) => store.database.prisma.modelVersion.findUnique({ ...query, where: { id } });
      return findNewest(args, {
        byId,
        byName: async (name) => {
          const id = await findReferredId(store, name, access.projectIds);
          return id === null ? null : byId(id);
        },
      });
    },
  }),
}));

builder.mutationFields((t) => ({
  createModel: t.field({
    type: ModelRef,
    description: 'Makes a model without versions.',
    args: { input: t.arg({ type: CreateModelInput, required: true, description: 'The model.' }) },
    resolve: (_root, { input }, { store, access }) =>
      createModel(store, {
        name: input.name,
        description: input.description ?? undefined,
        intendedUse: input.intendedUse ?? undefined,
        policy: input.policy ?? undefined,
        createdBy: input.createdBy ?? undefined,
        projectId: placeIn(access, input.projectId),
      }),
  }),
  updateModel: t.field({
    type: ModelRef,
    description: 'Changes the texts of a model.',
    args: { input: t.arg({ type: UpdateModelInput, required: true, description: 'The texts.' }) },
    resolve: (_root, { input }, { store }) =>
      updateModel(store, {
        modelId: parseRecordId(input.modelId, 'model'),
        description: input.description ?? undefined,
        intendedUse: input.intendedUse ?? undefined,
      }),
  }),
  registerModelVersion: t.field({
    type: ModelVersionRef,
    description: 'Registers a run that succeeded as the next version of a model.',
    args: {
      input: t.arg({
        type: RegisterModelVersionInput,
        required: true,
        description: 'The run and the model.',
      }),
    },
    resolve: (_root, { input }, { store }) =>
      registerModelVersion(store, {
        modelId: parseRecordId(input.modelId, 'model'),
        runId: parseRecordId(input.runId, 'run'),
        notes: input.notes ?? undefined,
      }),
  }),
}));
