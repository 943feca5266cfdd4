/** What an import would bring in, before anything is written: what its form shows while it is filled in. */
import type {
  ImportPreview,
  ManifestPreview,
  PreviewProblem,
  PreviewSample,
} from '@microtome/store/import/preview-import';
import { builder } from '../../graphql/builder.ts';
import { SubsetEnum } from '../enums.ts';
import { ImportDatasetInput, ImportLayoutEnum, ManifestKeyEnum, readImportInput } from './import-input.ts';
import { SplittingUnitEnum, UnitRef } from './unit.ts';

type Counts = NonNullable<ImportPreview['facts']>;
type RowCounts = NonNullable<ManifestPreview['counts']>;

const LayoutFitRef = builder.objectRef<ImportPreview['layouts'][number]>('LayoutFit').implement({
  description: 'A layout that some of the files are of.',
  fields: (t) => ({
    name: t.expose('name', { type: ImportLayoutEnum, description: 'Pass it as `layout` to have it.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    pattern: t.exposeString('pattern', { description: 'How a path looks.' }),
    share: t.exposeFloat('share', { description: 'Share of the images that are of it by their paths.' }),
  }),
});

const ReadLayoutRef = builder.objectRef<NonNullable<ImportPreview['layout']>>('ReadLayout').implement({
  description: 'The layout by which the files are read.',
  fields: (t) => ({
    name: t.expose('name', { type: ImportLayoutEnum, description: 'Which it is.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    remarks: t.stringList({
      description: 'What to know about such a set.',
      resolve: ({ remarks }) => [...remarks],
    }),
  }),
});

const ManifestColumnRef = builder.objectRef<ManifestPreview['columns'][number]>('ManifestColumn').implement({
  description: 'A column of a manifest.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As the table has it; one without a name has its number.' }),
    key: t.expose('key', {
      type: ManifestKeyEnum,
      nullable: true,
      description: 'What it says of a patch; null where it is not used.',
    }),
  }),
});

const ManifestRowRef = builder.objectRef<ManifestPreview['rows'][number]>('ManifestRow').implement({
  description: 'A row of a manifest.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Its line, or the number of the row in a Parquet file.' }),
    cells: t.field({
      type: ['String'],
      nullable: { list: false, items: true },
      description: 'One a column; null where the row has none.',
      resolve: ({ cells }) => cells,
    }),
  }),
});

const RowCountsRef = builder.objectRef<RowCounts>('ManifestCounts').implement({
  description: 'How the rows of a manifest meet the files of the source.',
  fields: (t) => ({
    rows: t.exposeInt('rowCount', { description: 'Rows.' }),
    rowsWithoutFile: t.exposeInt('rowsWithoutFile', { description: 'Rows that name no file that is there.' }),
    filesWithoutRow: t.exposeInt('filesWithoutRow', { description: 'Images that no row names.' }),
    filesTwice: t.exposeInt('filesTwice', { description: 'Files that several rows name, all alike.' }),
  }),
});

const ManifestPreviewRef = builder.objectRef<ManifestPreview>('ManifestPreview').implement({
  description: 'A manifest, with what its columns were taken for.',
  fields: (t) => ({
    columns: t.field({
      type: [ManifestColumnRef],
      description: 'In the order of the table.',
      resolve: ({ columns }) => columns,
    }),
    rows: t.field({
      type: [ManifestRowRef],
      description: 'The first of them.',
      resolve: ({ rows }) => rows,
    }),
    counts: t.field({
      type: RowCountsRef,
      nullable: true,
      description: 'Null where rows cannot be joined to files.',
      resolve: ({ counts }) => counts,
    }),
  }),
});

export const NamedCountRef = builder.objectRef<{ name: string; patches: number }>('NamedCount').implement({
  description: 'Patches of one class or site.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    patches: t.exposeInt('patches', { description: 'Patches.' }),
  }),
});

const SubsetCountRef = builder.objectRef<Counts['subsets'][number]>('SubsetCount').implement({
  description: 'Patches of a side that the publisher gives.',
  fields: (t) => ({
    subset: t.expose('subset', { type: SubsetEnum, description: 'The side.' }),
    patches: t.exposeInt('patches', { description: 'Patches.' }),
  }),
});

const ToldUnitRef = builder.objectRef<Counts['units'][number]>('ToldUnit').implement({
  description: 'What splits can be by.',
  fields: (t) => ({
    unit: t.expose('unit', { type: SplittingUnitEnum, description: 'Which it is.' }),
    lacking: t.exposeInt('lacking', { description: 'Patches that have none, and would be left out.' }),
  }),
});

const CountsRef = builder.objectRef<Counts>('ImportCounts').implement({
  description: 'What would come in, as far as names and tables tell.',
  fields: (t) => ({
    patches: t.exposeInt('patches', { description: 'Files that are taken for patches.' }),
    patients: t.exposeInt('patients', { nullable: true, description: 'Null where none is told.' }),
    slides: t.exposeInt('slides', { nullable: true, description: 'Null where none is told.' }),
    groups: t.exposeInt('groups', { nullable: true, description: 'Null where none is told.' }),
    placed: t.exposeInt('placed', { description: 'Patches whose place on the slide is told.' }),
    withoutClass: t.exposeInt('withoutClass', { description: 'Patches of which no class is told.' }),
    classes: t.field({
      type: [NamedCountRef],
      description: 'By name.',
      resolve: ({ classes }) => classes,
    }),
    sites: t.field({ type: [NamedCountRef], description: 'By name.', resolve: ({ sites }) => sites }),
    subsets: t.field({
      type: [SubsetCountRef],
      description: 'Sides that the publisher gives.',
      resolve: ({ subsets }) => subsets,
    }),
    unit: t.field({ type: UnitRef, description: 'What splits would be by.', resolve: ({ unit }) => unit }),
    unitNotice: t.exposeString('unitNotice', {
      nullable: true,
      description: 'That a larger unit is told of some patches and not of all; null where there is none.',
    }),
    units: t.field({
      type: [ToldUnitRef],
      description: 'What they can be by, the largest first.',
      resolve: ({ units }) => units,
    }),
    taskName: t.string({
      nullable: true,
      description: 'The first task; null where patches are all of one class.',
      resolve: ({ task }) => task?.name ?? null,
    }),
    positive: t.stringList({
      description: 'The classes that it looks for.',
      resolve: ({ task, classes }) =>
        classes.flatMap(({ name }, at) => (task?.sides[at] === 'POSITIVE' ? [name] : [])),
    }),
  }),
});

const SampleRef = builder.objectRef<PreviewSample>('ImportSample').implement({
  description: 'A file, and what it is taken for.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Within the source.' }),
    text: t.exposeString('text', { nullable: true, description: 'What the patient rule reads.' }),
    patient: t.exposeString('patient', { nullable: true, description: 'Null where it is not known.' }),
    slide: t.exposeString('slide', { nullable: true, description: 'Null where it is not known.' }),
    site: t.exposeString('site', { nullable: true, description: 'Null where it is not known.' }),
    className: t.exposeString('className', { nullable: true, description: 'Null where it is not known.' }),
  }),
});

const ProblemRef = builder.objectRef<PreviewProblem>('ImportProblem').implement({
  description: 'Why the import would end at once.',
  fields: (t) => ({
    field: t.exposeString('field', {
      nullable: true,
      description: 'The field of `ImportDatasetInput` that it is about; null where it is about none alone.',
    }),
    message: t.exposeString('message', { description: 'A sentence with the line and the value.' }),
  }),
});

export const PreviewRefusalRef = builder
  .objectRef<ImportPreview['refusals'][number]>('PreviewRefusal')
  .implement({
    description: 'A file, or a row of the manifest, that the import would go on without.',
    fields: (t) => ({
      path: t.exposeString('path', { description: 'The file, or the place in the manifest.' }),
      code: t.exposeString('code', { description: 'The kind of the reason.' }),
      reason: t.exposeString('reason', { description: 'Why, as a sentence.' }),
    }),
  });

const RefusalKindRef = builder.objectRef<{ code: string; count: number }>('PreviewRefusalCount').implement({
  description: 'How many files would be refused for one kind of reason.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The kind of the reason.' }),
    count: t.exposeInt('count', { description: 'Files.' }),
  }),
});

const ImportPreviewRef = builder.objectRef<ImportPreview>('ImportPreview').implement({
  description: 'What an import would bring in, told from names and tables alone: no picture is opened.',
  fields: (t) => ({
    fileCount: t.exposeInt('fileCount', { description: 'Files in the source, of every kind.' }),
    layouts: t.field({
      type: [LayoutFitRef],
      description: 'Layouts that some of the files are of, the one that is detected first.',
      resolve: ({ layouts }) => layouts,
    }),
    layout: t.field({
      type: ReadLayoutRef,
      nullable: true,
      description: 'As the files are read; null where a manifest tells.',
      resolve: ({ layout }) => layout,
    }),
    tables: t.stringList({
      description: 'Files of the source that can be a manifest, at most 100.',
      resolve: ({ tables }) => tables,
    }),
    manifest: t.field({
      type: ManifestPreviewRef,
      nullable: true,
      description: 'Null where none is named, or it cannot be read.',
      resolve: ({ manifest }) => manifest,
    }),
    counts: t.field({
      type: CountsRef,
      nullable: true,
      description: 'Null where there is a problem.',
      resolve: ({ facts }) => facts,
    }),
    rule: t.exposeString('rule', { nullable: true, description: 'How the patient rule reads.' }),
    samples: t.field({
      type: [SampleRef],
      description: 'Twenty of the files, evenly spread.',
      resolve: ({ samples }) => samples,
    }),
    refusedCount: t.exposeInt('refusedCount', { description: 'Files that would be refused.' }),
    refusalCounts: t.field({
      type: [RefusalKindRef],
      description: 'By the kind of the reason.',
      resolve: ({ refusedByCode }) => Object.entries(refusedByCode).map(([code, count]) => ({ code, count })),
    }),
    refusals: t.field({
      type: [PreviewRefusalRef],
      description: 'The first of them.',
      resolve: ({ refusals }) => refusals,
    }),
    problem: t.field({
      type: ProblemRef,
      nullable: true,
      description: 'Why the import would end at once; null where it can start.',
      resolve: ({ problem }) => problem,
    }),
  }),
});

builder.queryField('previewImport', (t) =>
  t.field({
    type: ImportPreviewRef,
    description: 'What an import of this would bring in. Nothing is written.',
    args: { input: t.arg({ type: ImportDatasetInput, required: true, description: 'What to import.' }) },
    resolve: async (_root, { input }, { importPreviews, importRoots, signal }) =>
      importPreviews.look(await readImportInput(input, importRoots), signal),
  }),
);
