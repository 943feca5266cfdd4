/**
 * The rows of a page of runs with numbers of them, by one statement that each connection keeps prepared. A value is read when it is asked
 * for: of forty columns a list shows a few, and to read a moment or JSON costs more than to fetch it.
 */

import { readRunHyperparameters } from '@microtome/domain/run/run-hyperparameters';
import type { RunField } from '@microtome/domain/run-query/run-field';
import pg from 'pg';
import { Prisma, type Run } from '../../generated/prisma/client.ts';
import { versions } from '../database/column-schemas.ts';
import { selectTexts } from '../database/select-rows.ts';
import type { Store } from '../store.ts';
import { fieldSql } from './field-sql.ts';

type Read<Value> = (text: string, row: Run) => Value;
type Columns = { [Column in keyof Run]-?: Read<NonNullable<Run[Column]>> };
type Texts = readonly (string | null)[];

const asIs = <Word extends string>(text: string) => text as Word;
const readMoment = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as Read<Date>;
/** Of `text[]`, which has no name there. */
const TEXTS_TYPE = 1009;
const readTags = pg.types.getTypeParser(TEXTS_TYPE as never) as Read<string[]>;

const COLUMNS: Columns = {
  id: asIs,
  origin: asIs,
  experimentId: asIs,
  datasetId: asIs,
  splitId: asIs,
  splitKind: asIs,
  sweepId: asIs,
  sweepRung: Number,
  sweepPlace: Number,
  name: asIs,
  notes: asIs,
  tags: readTags,
  architecture: asIs,
  hyperparameters: (text, { origin }) => readRunHyperparameters(JSON.parse(text), origin),
  seed: BigInt,
  requestedBackend: asIs,
  priority: Number,
  parameters: Number,
  multiplyAdds: BigInt,
  status: asIs,
  attempt: Number,
  emptyAttempts: Number,
  lastSeq: Number,
  epochsDone: Number,
  bestEpoch: Number,
  backend: asIs,
  device: asIs,
  versions: (text) => versions.parse(JSON.parse(text)),
  trainPatchesPerSecond: Number,
  peakMemoryBytes: BigInt,
  threshold: Number,
  temperature: Number,
  error: asIs,
  cancelRequestedAt: readMoment,
  archivedAt: readMoment,
  carriedAt: readMoment,
  createdBy: asIs,
  createdAt: readMoment,
  startedAt: readMoment,
  finishedAt: readMoment,
  revision: Number,
};

const NAMES = Object.keys(COLUMNS) as (keyof Run)[];
const SELECTED = Prisma.raw(NAMES.map((name) => `run.${nameColumn(name)}`).join(', '));

/** By id, as Prisma's client gives them; what is not there is left out. The fields are numbers, and found again by `keptFigure`. */
export async function listRunRows(
  store: Store,
  { runIds, figures }: { runIds: readonly string[]; figures: readonly RunField[] },
): Promise<Map<string, Run>> {
  if (runIds.length === 0) return new Map();
  const numbers = figures.map((field) => Prisma.sql`, ${fieldSql(field)}::float8`);
  const rows = await selectTexts(
    store,
    Prisma.sql`select ${SELECTED} ${numbers.length > 0 ? Prisma.join(numbers, ' ') : Prisma.empty}
      from run where run.id = any(${[...runIds]}::uuid[])`,
  );
  return new Map(rows.map((texts) => [String(texts[0]), readRow(texts, figures)]));
}

/** A number that the row was read with: null where the run has none, undefined where it was not asked for. */
export function keptFigure(run: object, field: RunField): number | null | undefined {
  return run instanceof LazyRow ? run.figures.get(field) : undefined;
}

function readRow(texts: Texts, fields: readonly RunField[]): Run {
  const numbers = texts.slice(NAMES.length);
  const figures = new Map(fields.map((field, at) => [field, readNumber(numbers[at])] as const));
  return new LazyRow(texts, figures) as unknown as Run;
}

function readNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined || text === 'NaN' ? null : Number(text);
}

class LazyRow {
  readonly texts: Texts;
  readonly figures: ReadonlyMap<RunField, number | null>;

  constructor(texts: Texts, figures: ReadonlyMap<RunField, number | null>) {
    this.texts = texts;
    this.figures = figures;
  }
}

for (const [at, name] of NAMES.entries()) {
  const read = COLUMNS[name] as Read<unknown>;
  Object.defineProperty(LazyRow.prototype, name, {
    get(this: LazyRow) {
      const text = this.texts[at] ?? null;
      return text === null ? null : read(text, this as unknown as Run);
    },
  });
}

function nameColumn(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
