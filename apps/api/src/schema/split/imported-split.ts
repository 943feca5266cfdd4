/** Splits of lists from outside: what a list would become, and making it a split of a dataset. */
import type { LIST_LEVELS } from '@microtome/domain/imported-split/find-listed';
import { describeImport, type ImportedFrom } from '@microtome/domain/imported-split/imported-from';
import type { CrossingUnit } from '@microtome/domain/imported-split/imported-sides';
import type { Named } from '@microtome/domain/imported-split/listed-dataset';
import type { Dataset, Split } from '@microtome/store/generated/prisma/client';
import { type AuditedImport, importSplit, previewImportedSplit } from '@microtome/store/split/import-split';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SplitKindEnum } from '../enums.ts';
import { LeakageAuditRef } from './leakage-audit.ts';
import { parseListInput, SplitListInput } from './list-input.ts';
import { SplitRef } from './split.ts';
import { countSubsets, SplitSubsetRef } from './split-subset.ts';

const ListLevelEnum = builder.enumType('ListLevel', {
  description: 'What the ids of a list name.',
  values: {
    UNIT: { description: 'Units of splitting, such as patients.' },
    SLIDE: { description: 'Slides.' },
    FILE: { description: 'Files of patches.' },
  } as const satisfies Record<(typeof LIST_LEVELS)[number], object>,
});

const NamedRef = builder.objectRef<Named>('NamedExamples').implement({
  description: 'How many, and the first few by name.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many.' }),
    examples: t.exposeStringList('examples', { description: 'The first few.' }),
  }),
});

const SidePatchesRef = builder.objectRef<CrossingUnit['sides'][number]>('CrossingSide').implement({
  description: 'Patches of one unit on one side.',
  fields: (t) => ({
    side: t.exposeString('side', { description: 'The side as the list calls it.' }),
    patches: t.exposeInt('patches', { description: 'How many patches.' }),
  }),
});

const CrossingUnitRef = builder.objectRef<CrossingUnit>('CrossingUnit').implement({
  description: 'A unit that a list puts on several sides.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key.' }),
    sides: t.field({ type: [SidePatchesRef], description: 'Where it is.', resolve: ({ sides }) => sides }),
  }),
});

type FoundImport = { from: ImportedFrom; unit: Dataset['unit'] };

const ImportedFromRef = builder.objectRef<FoundImport>('ImportedList').implement({
  description: 'The list that a split was imported from, and how it fits the dataset.',
  fields: (t) => ({
    files: t.stringList({ description: 'Names of its files.', resolve: ({ from }) => from.files }),
    digest: t.string({
      description: 'SHA-256 over names and texts of the files.',
      resolve: ({ from }) => from.digest,
    }),
    layouts: t.stringList({
      description: 'How each file was understood.',
      resolve: ({ from }) => from.layouts,
    }),
    level: t.field({
      type: ListLevelEnum,
      description: 'What its ids name.',
      resolve: ({ from }) => from.level,
    }),
    entries: t.int({ description: 'Its entries.', resolve: ({ from }) => from.entries }),
    sentences: t.stringList({
      description: 'What is to be known of it, as sentences.',
      resolve: ({ from, unit }) => describeImport(from, unit),
    }),
    unknown: t.field({
      type: NamedRef,
      description: 'Ids that the dataset lacks.',
      resolve: ({ from }) => from.unknown,
    }),
    ambiguous: t.field({
      type: NamedRef,
      description: 'Ids that may mean several things, and are left out.',
      resolve: ({ from }) => from.ambiguous,
    }),
    unlistedUnits: t.field({
      type: NamedRef,
      description: 'Units of the dataset that the list leaves out.',
      resolve: ({ from }) => from.unlistedUnits,
    }),
    unlistedPatches: t.int({
      description: 'Patches of the dataset that the list leaves out.',
      resolve: ({ from }) => from.unlistedPatches,
    }),
    crossingCount: t.int({
      description: 'Units on several sides.',
      resolve: ({ from }) => from.crossing.count,
    }),
    crossing: t.field({
      type: [CrossingUnitRef],
      description: 'They, by key; at most 500.',
      resolve: ({ from }) => from.crossing.listed,
    }),
  }),
});

builder.prismaObjectField(SplitRef, 'importedFrom', (t) =>
  t.field({
    type: ImportedFromRef,
    nullable: true,
    select: { importedFrom: true, dataset: { select: { unit: true } } },
    description: 'IMPORTED: the list, and how it fits the dataset; null for others.',
    resolve: ({ importedFrom, dataset }) => importedFrom && { from: importedFrom, unit: dataset.unit },
  }),
);

type PreviewedSplit = AuditedImport['splits'][number];

const PreviewedSplitRef = builder.objectRef<PreviewedSplit>('PreviewedSplit').implement({
  description: 'A split that a list would become.',
  fields: (t) => ({
    name: t.string({ description: 'Its name.', resolve: ({ planned }) => planned.row.name }),
    kind: t.field({
      type: SplitKindEnum,
      description: 'What it would divide.',
      resolve: ({ planned }) => planned.row.kind,
    }),
    audit: t.field({
      type: LeakageAuditRef,
      description: 'The leakage audit, but for the search for near-identical patches.',
      resolve: ({ audit }) => audit,
    }),
    subsets: t.field({
      type: [SplitSubsetRef],
      description: 'The three sides, counted.',
      resolve: ({ planned }) => countSubsets(planned.row, []),
    }),
  }),
});

const SplitImportPreviewRef = builder.objectRef<AuditedImport>('SplitImportPreview').implement({
  description: 'What was found in a list before anything is stored.',
  fields: (t) => ({
    isClean: t.boolean({
      description: 'Whether nothing was found on two sides of any of the splits.',
      resolve: ({ splits }) => splits.every(({ audit }) => audit.passed),
    }),
    list: t.field({
      type: ImportedFromRef,
      description: 'The list and how it fits the dataset.',
      resolve: ({ from, dataset }) => ({ from, unit: dataset.unit }),
    }),
    splits: t.field({
      type: [PreviewedSplitRef],
      description: 'One split, or one a fold.',
      resolve: ({ splits }) => splits,
    }),
  }),
});

const ImportSplitInput = builder.inputType('ImportSplitInput', {
  description: 'Which list becomes a split of which dataset.',
  fields: (t) => ({
    datasetId: t.id({ required: true, description: 'The dataset.' }),
    list: t.field({ type: SplitListInput, required: true, description: 'The list.' }),
    names: t.field({ type: ListLevelEnum, description: 'What its ids name; found when left out.' }),
    name: t.string({
      extensions: typed('splitName'),
      description: 'A name of the split; that of the list when left out.',
    }),
  }),
});

const ImportSplitPayload = builder
  .objectRef<{ splits: Split[]; found: AuditedImport }>('ImportSplitPayload')
  .implement({
    description: 'The splits that a list became.',
    fields: (t) => ({
      splits: t.field({
        type: [SplitRef],
        description: 'One split, or one a fold.',
        resolve: ({ splits }) => splits,
      }),
    }),
  });

builder.queryFields((t) => ({
  previewSplitImport: t.field({
    type: SplitImportPreviewRef,
    description: 'What a list would become, audited. Stores nothing.',
    args: {
      input: t.arg({ type: ImportSplitInput, required: true, description: 'The list and the dataset.' }),
    },
    resolve: (_root, { input }, context) =>
      previewImportedSplit(context.store, parseInput(input), openMeans(context)),
  }),
}));

builder.mutationFields((t) => ({
  importSplit: t.field({
    type: ImportSplitPayload,
    description:
      'Makes a split of a list, audited before it is stored; the same again gives the one that exists. One that puts units on several sides is kept as an unsafe one.',
    args: {
      input: t.arg({ type: ImportSplitInput, required: true, description: 'The list and the dataset.' }),
    },
    resolve: async (_root, { input }, context) => {
      const imported = await importSplit(context.store, parseInput(input), openMeans(context));
      context.audits.wake();
      return imported;
    },
  }),
}));

function parseInput({ datasetId, list, names, name }: typeof ImportSplitInput.$inferInput) {
  return {
    ...parseListInput(list),
    datasetId: parseRecordId(datasetId, 'dataset'),
    level: names ?? null,
    name: name ?? undefined,
  };
}

function openMeans({ background }: ApiContext): Parameters<typeof importSplit>[2] {
  return {
    place: (request, dataset) => background.placeList({ request, dataset }),
    compute: (evidence) => background.audit(evidence),
  };
}
