/**
 * Where JSON columns are parsed as rows leave the database: an extension of the Prisma client that every process opens,
 * so that a row really has the types of column-types.ts. A value is parsed when it is first read, so
 * that a damaged one fails only what needs it. Rows stay plain objects: they can be compared and sent
 * to another thread.
 */
import { AppError } from '@microtome/domain/app-error';
import { readStoredModelInput } from '@microtome/domain/model-check/model-input';
import { readStoredPolicy } from '@microtome/domain/promotion/promotion-policy';
import { readRunHyperparameters } from '@microtome/domain/run/run-hyperparameters';
import { z } from 'zod';
import type PrismaTypes from '../../generated/pothos-types.ts';
import { getDatamodel } from '../../generated/pothos-types.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import * as schemas from './column-schemas.ts';
import { frozenPanels } from './panel-schemas.ts';

type Row = Record<string, unknown>;
type RowOf<Model extends keyof PrismaTypes> = PrismaTypes[Model]['Shape'];
type Readers = {
  [Model in keyof PrismaTypes]?: {
    [Field in keyof RowOf<Model>]?: (stored: unknown, row: Row) => RowOf<Model>[Field];
  };
};

export const COLUMN_READERS: Readers = {
  DatasetImport: { options: (stored) => schemas.importChoices.parse(stored) },
  ChartArrangement: { layout: (stored) => schemas.chartLayout.parse(stored) },
  ReportFreeze: { panels: (stored) => frozenPanels.parse(stored) },
  SlideOutline: { rings: (stored) => schemas.flatRings.parse(stored) },
  Split: {
    fractions: (stored) => schemas.chosenFractions.parse(stored),
    audit: (stored) => schemas.splitAudit.nullable().parse(stored),
    importedFrom: (stored) => schemas.importedFrom.nullable().parse(stored),
  },
  Sweep: { definition: (stored) => schemas.sweepDefinition.parse(stored) },
  SweepOpening: {
    metrics: (stored) => schemas.outOfFoldMetrics.parse(stored),
    intervals: (stored) => schemas.intervals.parse(stored),
  },
  Run: {
    hyperparameters: (stored, { origin }) => readRunHyperparameters(stored, origin),
    versions: (stored) => schemas.versions.nullable().parse(stored),
  },
  RunEvent: { payload: (stored, { kind }) => schemas.getPayloadSchema(kind).parse(stored) },
  Evaluation: {
    metrics: (stored) => schemas.evaluationMetrics.parse(stored),
    intervals: (stored) => schemas.intervals.parse(stored),
  },
  ExternalEvaluation: {
    metrics: (stored) => schemas.externalMetrics.nullable().parse(stored),
    intervals: (stored) => schemas.intervals.nullable().parse(stored),
  },
  ModelCheck: {
    modelInput: (stored) => readStoredModelInput(stored),
    signature: (stored) => schemas.modelSignature.nullable().parse(stored),
  },
  PromotionPolicy: { policy: (stored) => readStoredPolicy(stored) },
  Promotion: { verdict: (stored) => schemas.promotionVerdict.parse(stored) },
  Announcement: { facts: (stored, { kind }) => schemas.getFactsSchema(kind).parse(stored) },
  AuditEntry: {
    asked: (stored) => schemas.auditRecord.parse(stored),
    before: (stored) => schemas.auditRecord.nullable().parse(stored),
    after: (stored) => schemas.auditRecord.nullable().parse(stored),
  },
  Worker: { versions: (stored) => schemas.versions.parse(stored) },
  MlflowExperiment: { tags: (stored) => schemas.textByKey.parse(stored) },
  RunDatasetInput: { tags: (stored) => schemas.keyedTexts.parse(stored) },
  LoggedModel: {
    params: (stored) => schemas.textByKey.parse(stored),
    tags: (stored) => schemas.textByKey.parse(stored),
  },
  MlflowModel: { tags: (stored) => schemas.textByKey.parse(stored) },
  MlflowVersion: { tags: (stored) => schemas.textByKey.parse(stored) },
};

/** The columns that identify a row to a person, as far as the query selected them. */
const NAMING_FIELDS = ['id', 'runId', 'sweepId', 'modelId', 'subset', 'seq', 'number', 'version'];

type Read = (stored: unknown, row: Row) => unknown;
type ModelReading = { readers: [field: string, read: Read][]; relations: Map<string, string> };
type Reading = { model: string; field: string; stored: unknown; read: Read };

const READINGS: ReadonlyMap<string, ModelReading> = new Map(
  Object.entries(getDatamodel().datamodel.models).map(([model, { fields }]) => [
    model,
    {
      readers: Object.entries(COLUMN_READERS[model as keyof PrismaTypes] ?? {}),
      relations: new Map(fields.flatMap(({ kind, name, type }) => (kind === 'object' ? [[name, type]] : []))),
    },
  ]),
);

export const columnReaders = Prisma.defineExtension({
  name: 'column readers',
  query: {
    $allModels: {
      async $allOperations({ model, args, query }) {
        const result = await query(args);
        readLater(model, result);
        return result;
      },
    },
  },
});

/** Rows, a row or whatever else a query returns, with the rows of their relations. */
function readLater(model: string, result: unknown): void {
  if (Array.isArray(result)) {
    for (const row of result) readLater(model, row);
    return;
  }
  const reading = READINGS.get(model);
  if (!reading || !isRow(result)) return;
  for (const [field, read] of reading.readers) {
    if (field in result) defineReading(result, { model, field, stored: result[field], read });
  }
  for (const [field, related] of reading.relations) readLater(related, result[field]);
}

function isRow(result: unknown): result is Row {
  return typeof result === 'object' && result !== null;
}

/** Parsed once: the value replaces the property that parses it. */
function defineReading(row: Row, reading: Reading): void {
  const shared = { enumerable: true, configurable: true };
  Object.defineProperty(row, reading.field, {
    ...shared,
    get() {
      const value = readNamed(row, reading);
      Object.defineProperty(row, reading.field, { ...shared, writable: true, value });
      return value;
    },
  });
}

function readNamed(row: Row, { model, field, stored, read }: Reading): unknown {
  try {
    return read(stored, row);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const name = NAMING_FIELDS.flatMap((naming) => (naming in row ? [`${naming} ${row[naming]}`] : []));
    const faults = error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(': '),
    );
    throw new AppError(
      'INTERNAL',
      `'${field}' of ${[model, ...name].join(', ')} was damaged or written by another version: ${faults.join('; ')}.`,
      { cause: error },
    );
  }
}
