/** Reports: pages of Markdown with panels of runs, live or frozen. */

import { mayIn } from '@microtome/domain/access/principal';
import {
  changeReport,
  createReport,
  deleteReport,
  freezeReport,
  thawReport,
} from '@microtome/store/report/reports';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findInProject, NAMED_IN_PROJECT } from '../../graphql/find-named.ts';
import { HOME_SENTENCE, placeIn } from '../../graphql/home-project.ts';
import { CHANGED_LAST_FIRST, inOrder, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ProjectRef } from '../access/project.ts';
import { ReportBlockRef, showBlocks } from './report-panel.ts';

const NAME = 'Name, unique in its project.';
const BODY =
  'Its text: Markdown, in which a fenced block of the word `chart`, `table` or `comparison` stands for a panel (`reportPanels`).';
const VERSION = 'The version of the text that you have read.';
const WHO = 'Who; "unknown" when left out.';

const ReportFreezeRef = builder.objectRef<{ frozenBy: string; frozenAt: Date }>('ReportFreeze').implement({
  description: 'That a report shows what it showed at a moment.',
  fields: (t) => ({
    by: t.exposeString('frozenBy', { description: 'Who froze it.' }),
    at: t.expose('frozenAt', { type: 'DateTime', description: 'When: what its panels show is of then.' }),
  }),
});

const ReportRef = builder.prismaObject('Report', {
  description: 'A page of Markdown with panels that show runs, live or as they were when it was frozen.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: NAME }),
    body: t.exposeString('body', { description: BODY }),
    version: t.exposeInt('version', { description: 'Counts the changes of its name and text, from 1.' }),
    project: t.relation('project', { type: ProjectRef, description: 'The project that it is part of.' }),
    author: t.exposeString('author', { description: 'Who made it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    changedBy: t.exposeString('changedBy', { description: 'Who changed it last.' }),
    changedAt: t.expose('changedAt', { type: 'DateTime', description: 'When that was.' }),
    frozen: t.field({
      type: ReportFreezeRef,
      nullable: true,
      description: 'Who froze it and when; null while its panels are live.',
      select: { freeze: { select: { frozenBy: true, frozenAt: true } } },
      resolve: ({ freeze }) => freeze,
    }),
    mayChange: t.boolean({
      description: 'Whether you may change, freeze and delete it.',
      select: { projectId: true },
      resolve: ({ projectId }, _args, { access }) => mayIn(access.principal, 'RECORD', projectId),
    }),
    blocks: t.field({
      type: [ReportBlockRef],
      description: 'Its texts and panels in their order. Panels show runs of its own project alone.',
      select: { body: true, projectId: true, freeze: { select: { panels: true } } },
      resolve: ({ body, projectId, freeze }, _args, context) =>
        showBlocks(context, { body, projectId, frozen: freeze?.panels ?? null }),
    }),
  }),
});

const ReportConnection = builder.connectionObject(
  { type: ReportRef, name: 'ReportConnection', description: 'A page of reports.' },
  { description: 'A report and its place in the list.' },
);

const CreateReportInput = builder.inputType('CreateReportInput', {
  description: 'A new report.',
  fields: (t) => ({
    projectId: t.id({ description: HOME_SENTENCE }),
    name: t.string({
      extensions: typed('reportName'),
      required: true,
      description: 'A name that no other report of the project has.',
    }),
    body: t.string({ extensions: typed('reportBody'), description: `${BODY} Empty when left out.` }),
    author: t.string({ extensions: typed('personName'), description: WHO }),
  }),
});

const ChangeReportInput = builder.inputType('ChangeReportInput', {
  description: 'What changes of a report; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The report.' }),
    version: t.int({ required: true, description: VERSION }),
    name: t.string({ extensions: typed('reportName'), description: 'Another name.' }),
    body: t.string({ extensions: typed('reportBody'), description: BODY }),
    changedBy: t.string({ extensions: typed('personName'), description: WHO }),
  }),
});

builder.queryFields((t) => ({
  reports: t.prismaConnection(
    {
      type: 'Report',
      cursor: 'id',
      extensions: inOrder(CHANGED_LAST_FIRST),
      description: 'Reports, those changed last first.',
      totalCount: (_root, _args, { store, access }) =>
        store.database.prisma.report.count({ where: inProjects(access) }),
      resolve: (query, _root, _args, { store, access }) =>
        store.database.prisma.report.findMany(
          pageInOrder(query, { where: inProjects(access), order: CHANGED_LAST_FIRST }),
        ),
    },
    ReportConnection,
  ),
  report: t.prismaField({
    type: 'Report',
    nullable: true,
    description: 'One report by id or by name; null when there is none.',
    args: NAMED_IN_PROJECT,
    resolve: (query, _root, args, { store, access }) =>
      findInProject({ noun: 'report', access }, args, {
        byId: (id) => store.database.prisma.report.findUnique({ ...query, where: { id } }),
        byName: (where) => store.database.prisma.report.findMany({ ...query, where, take: 2 }),
      }),
  }),
  previewReport: t.field({
    type: [ReportBlockRef],
    description: 'A text as a report of a project would show it now. Nothing is kept.',
    args: {
      projectId: t.arg.id({ required: true, description: 'The project whose runs are shown.' }),
      body: t.arg.string({ extensions: typed('reportBody'), required: true, description: BODY }),
    },
    resolve: (_root, { projectId, body }, context) =>
      showBlocks(context, { body, projectId: parseRecordId(projectId, 'project'), frozen: null }),
  }),
}));

builder.mutationFields((t) => ({
  createReport: t.field({
    type: ReportRef,
    description: 'Makes a report.',
    args: { input: t.arg({ type: CreateReportInput, required: true, description: 'The report.' }) },
    resolve: (_root, { input }, { store, access }) =>
      createReport(store, {
        projectId: placeIn(access, input.projectId),
        name: input.name,
        body: input.body ?? undefined,
        author: input.author ?? undefined,
      }),
  }),
  changeReport: t.field({
    type: ReportRef,
    description:
      'Changes the name or the text of a report. Refused when somebody else changed it meanwhile, and while it is frozen.',
    args: { input: t.arg({ type: ChangeReportInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, { store }) =>
      changeReport(store, {
        id: parseRecordId(input.id, 'report'),
        version: input.version,
        name: input.name ?? undefined,
        body: input.body ?? undefined,
        changedBy: input.changedBy ?? undefined,
      }),
  }),
  freezeReport: t.field({
    type: ReportRef,
    description:
      'Keeps what every panel of a report shows now: from then on it shows that, whatever becomes of the runs.',
    args: {
      id: t.arg.id({ required: true, description: 'The report.' }),
      version: t.arg.int({ required: true, description: VERSION }),
      frozenBy: t.arg.string({ extensions: typed('personName'), description: WHO }),
    },
    resolve: (_root, { id, version, frozenBy }, { store, pairs }) =>
      freezeReport(
        store,
        { id: parseRecordId(id, 'report'), version, frozenBy: frozenBy ?? undefined },
        pairs,
      ),
  }),
  thawReport: t.field({
    type: ReportRef,
    description:
      'Lets the panels of a report show what is stored now again. What it was frozen with is gone.',
    args: { id: t.arg.id({ required: true, description: 'The report.' }) },
    resolve: (_root, { id }, { store }) => thawReport(store, parseRecordId(id, 'report')),
  }),
  deleteReport: t.id({
    description: 'Deletes a report, and what it was frozen with. Gives the id.',
    args: { id: t.arg.id({ required: true, description: 'The report.' }) },
    resolve: async (_root, { id }, { store }) => {
      await deleteReport(store, parseRecordId(id, 'report'));
      return id;
    },
  }),
}));
