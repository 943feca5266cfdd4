/** The statistics of the predictions of any models, from a table of scores. Nothing of it is stored. */
import type {
  ModelEvaluation,
  SideEvaluation,
  TableEvaluation,
} from '@microtome/domain/scored-table/evaluate-table';
import { listFigures } from '../../evaluation/list-figures.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { UnitRef } from '../dataset/unit.ts';
import { EvaluationFigureRef } from '../evaluation/evaluation-figures.ts';
import { parseTableInput, ScoredTableInput } from './table-input.ts';
import { TablePairRef } from './table-pair.ts';

/** The rest is in the JSON. */
const PATIENTS_MAX = 500;

const names = {
  extensions: typed('word'),
  description: 'Only these metrics; all when left out.',
};

const TableSiteRef = builder.objectRef<ModelEvaluation['sites'][number]>('TableSite').implement({
  description: 'A model on one site.',
  fields: (t) => ({
    site: t.exposeString('site', { description: 'The site.' }),
    rows: t.int({ description: 'Its rows.', resolve: ({ metrics }) => metrics.patches }),
    patients: t.int({
      description: 'Its patients, or what the unit is; 0 where they are unknown.',
      resolve: ({ metrics }) => metrics.patients,
    }),
    figures: t.field({
      type: [EvaluationFigureRef],
      description: 'Its figures; those of few patients have no interval.',
      args: { names: t.arg.stringList(names) },
      resolve: ({ metrics, intervals }, args) => listFigures(metrics, { intervals, ...args }),
    }),
  }),
});

const TablePatientRef = builder.objectRef<ModelEvaluation['patients'][number]>('TablePatient').implement({
  description: 'A model on one patient, or what the unit is.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'As the table has it.' }),
    rows: t.exposeInt('patches', { description: 'Rows.' }),
    positives: t.exposeInt('positives', { description: 'Positive rows.' }),
    accuracy: t.exposeFloat('accuracy', { nullable: true, description: 'Share of right calls.' }),
    auc: t.exposeFloat('auc', { nullable: true, description: 'AUC; null where a class is missing.' }),
  }),
});

const TableModelRef = builder.objectRef<ModelEvaluation>('TableModel').implement({
  description: 'The figures of one model on one side of a table.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The column of its scores.' }),
    threshold: t.exposeFloat('threshold', { description: 'From here on a row is called positive.' }),
    thresholdFrom: t.exposeString('thresholdFrom', { description: 'Where that comes from, in words.' }),
    figures: t.field({
      type: [EvaluationFigureRef],
      description: 'Its figures with their intervals; those that are undefined are left out.',
      args: { names: t.arg.stringList(names) },
      resolve: ({ metrics, intervals }, args) => listFigures(metrics, { intervals, ...args }),
    }),
    sites: t.field({
      type: [TableSiteRef],
      description: 'By site, where the table tells any.',
      resolve: ({ sites }) => sites,
    }),
    patients: t.field({
      type: [TablePatientRef],
      description: `By patient, the lowest accuracy first; at most ${PATIENTS_MAX}.`,
      args: { first: t.arg.int({ description: 'Only so many.' }) },
      resolve: ({ patients }, { first }) =>
        patients
          .toSorted((a, b) => (a.accuracy ?? 1) - (b.accuracy ?? 1))
          .slice(0, Math.max(0, Math.min(first ?? PATIENTS_MAX, PATIENTS_MAX))),
    }),
  }),
});

const TableSideRef = builder.objectRef<SideEvaluation>('TableSide').implement({
  description: 'One side of a table.',
  fields: (t) => ({
    side: t.exposeString('side', { description: 'VALIDATION, TEST, or ALL where the table tells no sides.' }),
    rows: t.exposeInt('rows', { description: 'Its rows.' }),
    positives: t.exposeInt('positives', { description: 'Positive rows.' }),
    patients: t.exposeInt('patients', {
      description: 'Patients, or what the unit is; 0 where they are unknown.',
    }),
    models: t.field({
      type: [TableModelRef],
      description: 'The models, as the table has them.',
      resolve: ({ models }) => models,
    }),
  }),
});

const TableEvaluationRef = builder.objectRef<TableEvaluation>('TableEvaluation').implement({
  description: 'What a table of scores tells of its models.',
  fields: (t) => ({
    unit: t.field({ type: UnitRef, description: 'What is independent.', resolve: ({ unit }) => unit }),
    positiveName: t.exposeString('positiveName', { description: 'The labels that are positive.' }),
    negativeName: t.exposeString('negativeName', { description: 'The labels that are negative.' }),
    rows: t.exposeInt('rows', { description: 'Rows that were evaluated.' }),
    layout: t.exposeString('layout', { description: 'How the table was understood.' }),
    notes: t.exposeStringList('notes', { description: 'What must be kept in mind, as sentences.' }),
    draws: t.exposeInt('draws', { description: 'Bootstrap draws behind every interval.' }),
    sides: t.field({
      type: [TableSideRef],
      description: 'The sides, TEST last.',
      resolve: ({ sides }) => sides,
    }),
    comparedSide: t.exposeString('comparedSide', { description: 'The side that models are compared on.' }),
    pairing: t.exposeString('pairing', {
      nullable: true,
      description: 'Which pairs are compared; null for one model.',
    }),
    pairs: t.field({
      type: [TablePairRef],
      description: 'The pairs.',
      resolve: ({ pairs }) => pairs,
    }),
    json: t.field({
      type: 'JSON',
      description: 'All of it, as `npm run evaluate -- FILE --json` writes it.',
      resolve: (evaluation) => evaluation,
    }),
  }),
});

builder.queryFields((t) => ({
  evaluateTable: t.field({
    type: TableEvaluationRef,
    description:
      'The statistics of the predictions of any models, by patient, and the models compared. Stores nothing.',
    args: { table: t.arg({ type: ScoredTableInput, required: true, description: 'The table.' }) },
    resolve: (_root, { table }, { background }) => background.evaluateTable(parseTableInput(table)),
  }),
}));
