/**
 * A database from before classes and tasks, with runs, an opened TEST and a champion, as the version of then wrote it: it
 * migrates one version after the other, and every value of every row stays, but for what a migration moved on purpose.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@microtome/store/database/database';
import { dropDatabase, migrateDatabase } from '@microtome/store/database/migrate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { withDatabase } from '../../test-database.ts';
import { DIGEST, IDS, PATIENTS, writeOldRows } from './old-rows.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const FIRST_OF_CLASSES = '0012_classes-and-tasks';

/** `table.column` → what a migration made of it on purpose, which has a test of its own below. */
const MOVED: Readonly<Record<string, string>> = {
  'dataset.positive_class': 'the positive class of its first task',
  'dataset.positive_count': 'counts of classes',
  'dataset_patient.positive_count': 'counts of classes',
  'patch.label': 'patch.class',
  'split.train_positives': 'counts of classes',
  'split.validation_positives': 'counts of classes',
  'split.test_positives': 'counts of classes',
};

/** table → its rows in one order, each value as PostgreSQL writes it. */
type Snapshot = Map<string, { columns: readonly string[]; rows: readonly Record<string, string>[] }>;
/** What one migration did to values that were there before it. */
type Step = { name: string; changes: string[] };

let url: string;
/** One for all rows of all steps: four thousand statements, each of which would open its own. */
let client: pg.Client;
let workDir: string;
let old: Snapshot;
const steps: Step[] = [];

beforeAll(async () => {
  url = withDatabase(inject('serverUrl'), `microtome_old_${randomUUID().replaceAll('-', '')}`);
  workDir = await mkdtemp(join(tmpdir(), 'microtome-old-'));
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d{4}_/.test(name)).sort();
  const take = (name: string) =>
    cp(join(MIGRATIONS, name), join(workDir, 'until-now', name), { recursive: true });
  const migrate = () => migrateDatabase(url, join(workDir, 'until-now'));
  for (const name of names.filter((one) => one < FIRST_OF_CLASSES)) await take(name);
  await migrate();
  client = new pg.Client({ connectionString: url });
  await client.connect();
  await query(writeOldRows());
  old = await readRows();
  let before = old;
  for (const name of names.filter((one) => one >= FIRST_OF_CLASSES)) {
    await take(name);
    await migrate();
    const after = await readRows();
    steps.push({ name, changes: listChanges(before, after) });
    before = after;
  }
});
afterAll(async () => {
  await client?.end();
  await dropDatabase(url);
  await rm(workDir, { recursive: true, force: true });
});

describe('a database of before classes and tasks', () => {
  it('has rows in every table, so that nothing is kept for want of it', () => {
    const empty = [...old].flatMap(([table, { rows }]) => (rows.length === 0 ? [table] : []));
    expect(empty).toEqual([]);
    expect(old.size).toBeGreaterThan(25);
  });

  it('keeps every value of every row through each migration, but for what is moved on purpose', () => {
    const unexpected = steps.flatMap(({ name, changes }) =>
      changes.filter((change) => !(change in MOVED)).map((change) => `${name}: ${change}`),
    );
    expect(unexpected).toEqual([]);
    expect(new Set(steps.flatMap(({ changes }) => changes))).toEqual(new Set(Object.keys(MOVED)));
  });

  it('has numbers by name of every series and evaluation that it had', async () => {
    const series = await query<Record<string, unknown>>(
      'select name, owner, point_count as points, last_value as last, max_epoch as best from metric_summary order by name',
    );
    expect(series).toEqual([
      { name: 'cost', owner: 'EXTERNAL', points: 1, last: 3, best: 1 },
      { name: 'validation.auc', owner: 'WORKER', points: 2, last: 0.8, best: 2 },
    ]);
    const figures = await query<Record<string, unknown>>(
      `select subset, name, value, low, high from run_figure where name in ('auc', 'macro.auc', 'ece') order by subset, name`,
    );
    expect(figures).toEqual([
      { subset: 'TEST', name: 'auc', value: 0.8441530011144722, low: 0.8, high: 0.9 },
      { subset: 'TEST', name: 'macro.auc', value: 0.1 + 0.2, low: 0.25, high: 0.375 },
      { subset: 'VALIDATION', name: 'auc', value: 0.75, low: null, high: null },
      { subset: 'VALIDATION', name: 'macro.auc', value: 0.1 + 0.2, low: null, high: null },
    ]);
  });

  it('gives the dataset its two classes and the task that it had, to which its experiment belongs', async () => {
    const database = openDatabase({ databaseUrl: url, poolSize: 1 });
    try {
      const dataset = await database.prisma.dataset.findUniqueOrThrow({
        where: { id: IDS.dataset },
        include: {
          classes: { orderBy: { position: 'asc' } },
          tasks: true,
          experiments: true,
          patients: true,
        },
      });
      expect(dataset).toMatchObject({ unit: 'PATIENT', hasPlaces: true, classCount: 2, digest: DIGEST });
      expect(dataset.classes.map(({ name, patchCount }) => [name, patchCount])).toEqual([
        ['not IDC', 6],
        ['IDC', 4],
      ]);
      expect(dataset.tasks).toMatchObject([
        { name: 'IDC', positiveName: 'IDC', position: 0, sides: ['NEGATIVE', 'POSITIVE'] },
      ]);
      expect(dataset.experiments[0]?.taskId).toBe(dataset.tasks[0]?.id);
      expect(new Map(dataset.patients.map((one) => [one.patientId, one.classCounts]))).toEqual(
        new Map(PATIENTS.map(({ id, labels }) => [id, [0, 1].map((label) => countOf(labels, label))])),
      );
      const split = await database.prisma.split.findUniqueOrThrow({ where: { id: IDS.split } });
      expect([split.trainClassCounts, split.validationClassCounts, split.testClassCounts]).toEqual([
        [1, 2],
        [2, 1],
        [3, 1],
      ]);
      const patches = await database.prisma.patch.findMany({ orderBy: { index: 'asc' } });
      expect(patches.map(({ classPosition }) => classPosition)).toEqual(
        PATIENTS.flatMap(({ labels }) => labels),
      );
    } finally {
      await database.close();
    }
  });
});

const countOf = (labels: readonly number[], label: number) => labels.filter((one) => one === label).length;

/** The columns of which a row is gone, or has another value. Columns and tables that are new say nothing of what was. */
function listChanges(before: Snapshot, after: Snapshot): string[] {
  return [...before].flatMap(([table, { columns, rows }]) => {
    const now = after.get(table);
    const kept = columns.filter((column) => now?.columns.includes(column));
    const lost = columns.filter((column) => !kept.includes(column));
    const changed = kept.filter((column) => {
      // Rows have no order of their own: each column is compared next to those that tell one row from another.
      const list = (of: typeof rows) => of.map((row) => `${nameRow(row)} ${row[column]}`).sort();
      return JSON.stringify(list(rows)) !== JSON.stringify(list(now?.rows ?? []));
    });
    return [...lost, ...changed].map((column) => `${table}.${column}`);
  });
}

/** By what identifies rows in any of the tables. */
const KEYS = ['id', 'hash', 'run_id', 'dataset_id', 'model_id', 'split_id', 'patient_id', 'position'];
const MORE_KEYS = ['index', 'seq', 'epoch', 'role', 'subset', 'number', 'version', 'code'];

function nameRow(row: Record<string, string>): string {
  return [...KEYS, ...MORE_KEYS].map((key) => row[key] ?? '').join('/');
}

async function readRows(): Promise<Snapshot> {
  const tables = await query<{ table: string; columns: string[] }>(
    `select table_name as table, array_agg(column_name::text order by ordinal_position) as columns
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> '_prisma_migrations' group by 1 order by 1`,
  );
  const read: Snapshot = new Map();
  for (const { table, columns } of tables) {
    const written = columns.map((column) => `"${column}"::text`).join(', ');
    read.set(table, { columns, rows: await query(`select ${written} from "${table}"`) });
  }
  return read;
}

async function query<Row = unknown>(statement: string): Promise<Row[]> {
  return (await client.query(statement)).rows as Row[];
}
