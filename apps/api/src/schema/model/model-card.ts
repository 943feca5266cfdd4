/** The card of a model version: what it says, block by block. As Markdown and PDF it has addresses of its own. */
import { builder } from '../../graphql/builder.ts';
import { buildModelCard } from '../../model-card/build-model-card.ts';
import { gatherCardEvidence } from '../../model-card/gather-card-evidence.ts';
import type { CardBlock, ModelCard, ReliabilityPoint } from '../../model-card/model-card.ts';
import type { ReportCell } from '../../report/report-document.ts';
import { ModelVersionRef } from './model.ts';

type OneOf<Kind extends CardBlock['kind']> = Extract<CardBlock, { kind: Kind }>;
type Row = { cells: readonly ReportCell[] };

const CardCellRef = builder.objectRef<ReportCell>('CardCell').implement({
  description: 'One cell of a table.',
  fields: (t) => ({
    text: t.string({
      description: 'Its text.',
      resolve: (cell) => (typeof cell === 'string' ? cell : cell.text),
    }),
    bold: t.boolean({
      description: 'Whether it stands out.',
      resolve: (cell) => typeof cell !== 'string' && (cell.bold ?? false),
    }),
  }),
});

const CardRowRef = builder.objectRef<Row>('CardRow').implement({
  description: 'One row of a table.',
  fields: (t) => ({
    cells: t.field({ type: [CardCellRef], description: 'Its cells.', resolve: ({ cells }) => [...cells] }),
  }),
});

const CardColumnRef = builder.objectRef<OneOf<'table'>['columns'][number]>('CardColumn').implement({
  description: 'One column of a table.',
  fields: (t) => ({
    header: t.exposeString('header', { description: 'Its head.' }),
    alignRight: t.boolean({ description: 'True for numbers.', resolve: ({ align }) => align === 'right' }),
    grows: t.boolean({ description: 'True for sentences.', resolve: ({ width }) => width === 'grow' }),
  }),
});

const ReliabilityPointRef = builder.objectRef<ReliabilityPoint>('ReliabilityPoint').implement({
  description: 'Patches of similar probability.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'Patches.' }),
    meanProbability: t.exposeFloat('meanProbability', { description: 'Their mean probability.' }),
    positiveShare: t.exposeFloat('positiveShare', { description: 'The share of positives among them.' }),
  }),
});

const CardBlockRef = builder.objectRef<CardBlock>('CardBlock').implement({
  description:
    'One piece of a card. `kind` is heading, subheading, paragraph, list, notice, facts, table, code or reliability, and says which fields are filled.',
  fields: (t) => ({
    kind: t.string({ description: 'What it is.', resolve: ({ kind }) => kind }),
    text: t.string({ nullable: true, description: 'Its text or title.', resolve: readText }),
    items: t.stringList({
      description: 'Sentences of a list or notice.',
      resolve: (block) => ('items' in block ? [...block.items] : []),
    }),
    columns: t.field({
      type: [CardColumnRef],
      description: 'Columns of a table.',
      resolve: (block) => (block.kind === 'table' ? [...block.columns] : []),
    }),
    rows: t.field({
      type: [CardRowRef],
      description: 'Rows of a table; of facts with two cells, name and value.',
      resolve: (block): Row[] => ('rows' in block ? block.rows.map((cells) => ({ cells })) : []),
    }),
    note: t.string({
      nullable: true,
      description: 'What stands below a table or a picture.',
      resolve: (block) =>
        block.kind === 'table' ? block.note : block.kind === 'reliability' ? block.caption : null,
    }),
    points: t.field({
      type: [ReliabilityPointRef],
      description: 'Points of a reliability picture, by rising probability.',
      resolve: (block) => (block.kind === 'reliability' ? [...block.points] : []),
    }),
  }),
});

const ModelCardRef = builder.objectRef<ModelCard>('ModelCard').implement({
  description: 'What to know about a version before using it, made from what is stored.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Model and version.' }),
    subtitle: t.exposeString('subtitle', { description: 'The model’s description; may be empty.' }),
    identity: t.exposeString('identity', { description: 'Names the version and its weights.' }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'When its newest fact happened.' }),
    blocks: t.field({
      type: [CardBlockRef],
      description: 'In reading order.',
      resolve: ({ blocks }) => blocks,
    }),
  }),
});

builder.prismaObjectFields(ModelVersionRef, (t) => ({
  card: t.field({
    type: ModelCardRef,
    description: 'Its model card. A sealed TEST stays sealed in it.',
    resolve: async ({ id }, _args, context) => buildModelCard(await gatherCardEvidence(context, id)),
  }),
  cardUrl: t.string({
    description: 'Path of its card below the API’s address, without the ending `.pdf`, `.html` or `.md`.',
    resolve: ({ modelId, number }) => `/models/${modelId}/versions/${number}/card`,
  }),
}));

function readText(block: CardBlock): string | null {
  if ('text' in block) return block.text;
  if (block.kind === 'notice') return block.title;
  return block.kind === 'reliability' ? block.positiveClass : null;
}
